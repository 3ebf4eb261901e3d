import type { ServiceNames } from "./service-names.ts";

/** What the rpc of a service of texts starts with: somebody keeps one, and asks for it. */
export function rpcOfTexts({ name, type }: ServiceNames): Record<string, string> {
  const columns = `  \`id\` bigint unsigned NOT NULL AUTO_INCREMENT,
  \`uid\` bigint unsigned NOT NULL DEFAULT '0' COMMENT 'whose it is',
  \`text\` varchar(255) NOT NULL DEFAULT '',
  \`create_time\` timestamp NULL DEFAULT CURRENT_TIMESTAMP,
  \`update_time\` timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  PRIMARY KEY (\`id\`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
`;
  return {
    [`model/${name}.sql`]: `CREATE TABLE \`${name}\` (\n${columns}`,
    [`model/migrations/0001-${name}.sql`]: `CREATE TABLE IF NOT EXISTS \`${name}\` (\n${columns}`,
    [`rpc/${name}.proto`]: protoText(name, type),
    "rpc/errors.ts": `import { AppError } from "@mall/kit/errors";

export function ${name}NotFound(): AppError {
  return new AppError("NOT_FOUND", "${name.toUpperCase()}_NOT_FOUND", "${name} not found");
}
`,
    "rpc/logic/create.ts": `import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { CreateRequest, CreateResponse } from "../gen/${name}.ts";

/** Keeps a text of somebody. */
export async function create(
  { idempotency, ${name}Model }: ServiceContext,
  call: Call,
  { uid, text }: CreateRequest,
): Promise<CreateResponse> {
  const row = { uid, text };
  return idempotency.once<CreateResponse>(call, row, (commit) =>
    commit.statement(async (tx) => ({ answer: { id: await ${name}Model.insert(row, tx) } })),
  );
}
`,
    "rpc/logic/detail.ts": `import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import { ${name}NotFound } from "../errors.ts";
import type { DetailRequest, DetailResponse } from "../gen/${name}.ts";

/** One of them, whoever's it is. */
export async function detail(
  { ${name}Model }: ServiceContext,
  _call: Call,
  request: DetailRequest,
): Promise<DetailResponse> {
  const row = await ${name}Model.findOne(request.id);
  if (row === undefined) throw ${name}NotFound();
  return { id: row.id, uid: row.uid, text: row.text };
}
`,
  };
}

function protoText(name: string, type: string): string {
  return `syntax = "proto3";

package ${name};

option go_package = "./${name}";

message CreateRequest {
    int64 uid = 1;
    string text = 2;
}
message CreateResponse {
    int64 id = 1;
}

message DetailRequest {
    int64 id = 1;
}
message DetailResponse {
    int64 id = 1;
    int64 uid = 2;
    string text = 3;
}

service ${type} {
    // No act of staff: owners do it for themselves.
    rpc Create(CreateRequest) returns(CreateResponse);
    rpc Detail(DetailRequest) returns(DetailResponse) {
        option idempotency_level = NO_SIDE_EFFECTS;
    }
}
`;
}

/** The api before it: to each his own. */
export function apiOfTexts({ name, type }: ServiceNames): Record<string, string> {
  return {
    [`api/${name}.api`]: apiText(name, type),
    "api/logic/create.ts": `import { callerOf } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { CreateRequest, CreateResponse } from "../gen/types.ts";

/** For whoever is logged in, as oneself. */
export async function create(
  { ${name}Rpc }: ServiceContext,
  call: Call,
  { text }: CreateRequest,
): Promise<CreateResponse> {
  return ${name}Rpc.create(call, { uid: callerOf(call).uid, text });
}
`,
    "api/logic/detail.ts": `import { callerOf } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import { ${name}NotFound } from "@mall/${name}/rpc/errors";
import type { ServiceContext } from "../context.ts";
import type { DetailRequest, DetailResponse } from "../gen/types.ts";

/** One's own; those of others are not found. */
export async function detail(
  { ${name}Rpc }: ServiceContext,
  call: Call,
  request: DetailRequest,
): Promise<DetailResponse> {
  const { id, uid, text } = await ${name}Rpc.detail(call, request);
  if (uid !== callerOf(call).uid) throw ${name}NotFound();
  return { id, text };
}
`,
  };
}

function apiText(name: string, type: string): string {
  return `syntax = "v1"

type (
	CreateRequest {
		Text string \`json:"text,length=[1:255]"\`
	}
	CreateResponse {
		Id int64 \`json:"id"\`
	}
	DetailRequest {
		Id int64 \`path:"id,range=[1:9007199254740991]"\`
	}
	DetailResponse {
		Id   int64  \`json:"id"\`
		Text string \`json:"text"\`
	}
)

@server (
	jwt:    Auth
	prefix: /api/${name}
)
service ${type} {
	@handler Create
	post /create (CreateRequest) returns (CreateResponse)

	@handler Detail
	get /:id (DetailRequest) returns (DetailResponse)
}
`;
}
