import type { ServiceNames, TableNames } from "./service-names.ts";

/** What the rpc of somebody's own tables starts with: whether the first of them has a row. */
export function rpcOfRows({ name, type }: ServiceNames, table: TableNames): Record<string, string> {
  return {
    [`rpc/${name}.proto`]: `syntax = "proto3";

package ${name};

option go_package = "./${name}";

message ExistsRequest {
    ${table.textKey ? "string" : "int64"} id = 1;
}
message ExistsResponse {
    bool exists = 1;
}

service ${type} {
    rpc Exists(ExistsRequest) returns(ExistsResponse) {
        option idempotency_level = NO_SIDE_EFFECTS;
    }
}
`,
    "rpc/logic/exists.ts": `import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { ExistsRequest, ExistsResponse } from "../gen/${name}.ts";

/** Whether \`${table.table}\` has a row of this primary key. */
export async function exists(
  { ${table.property} }: ServiceContext,
  _call: Call,
  { id }: ExistsRequest,
): Promise<ExistsResponse> {
  return { exists: (await ${table.property}.findOne(id)) !== undefined };
}
`,
  };
}

/** The api before it. */
export function apiOfRows({ name, type }: ServiceNames, table: TableNames): Record<string, string> {
  const field = table.textKey ? 'Id string `path:"id"`' : 'Id int64 `path:"id,range=[1:9007199254740991]"`';
  return {
    [`api/${name}.api`]: `syntax = "v1"

type (
	ExistsRequest {
		${field}
	}
	ExistsResponse {
		Exists bool \`json:"exists"\`
	}
)

@server (
	jwt:    Auth
	prefix: /api/${name}
)
service ${type} {
	@handler Exists
	get /exists/:id (ExistsRequest) returns (ExistsResponse)
}
`,
    "api/logic/exists.ts": `import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { ExistsRequest, ExistsResponse } from "../gen/types.ts";

/** For whoever is logged in. */
export async function exists(
  { ${name}Rpc }: ServiceContext,
  call: Call,
  request: ExistsRequest,
): Promise<ExistsResponse> {
  return ${name}Rpc.exists(call, request);
}
`,
  };
}
