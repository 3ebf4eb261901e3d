import type { ServiceNames } from "./service-names.ts";

/** What an api starts with that knows nothing to ask an rpc: goctl's has a greeting, too. */
export function apiOfGreeting({ name, type }: ServiceNames): Record<string, string> {
  return {
    [`api/${name}.api`]: `syntax = "v1"

type (
	GreetRequest {
		Name string \`path:"name,length=[1:64]"\`
	}
	GreetResponse {
		Message string \`json:"message"\`
		Uid     int64  \`json:"uid"\`
	}
)

@server (
	jwt:    Auth
	prefix: /api/${name}
)
service ${type} {
	@handler Greet
	get /greet/:name (GreetRequest) returns (GreetResponse)
}
`,
    "api/logic/greet.ts": `import { callerOf } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { GreetRequest, GreetResponse } from "../gen/types.ts";

/** For whoever is logged in: by the name that is asked for, and who asks. */
export async function greet(
  _context: ServiceContext,
  call: Call,
  { name }: GreetRequest,
): Promise<GreetResponse> {
  return { message: \`hello, \${name}\`, uid: callerOf(call).uid };
}
`,
  };
}
