import type { ServiceNames } from "./service-names.ts";

/** The three contracts of a new service: somebody keeps a note, and asks for it. */
export function contractTexts({ name, type }: ServiceNames): Record<string, string> {
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
    [`api/${name}.api`]: apiText(name, type),
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
    rpc Create(CreateRequest) returns(CreateResponse);
    rpc Detail(DetailRequest) returns(DetailResponse) {
        option idempotency_level = NO_SIDE_EFFECTS;
    }
}
`;
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
