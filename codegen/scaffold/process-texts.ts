import { serveText } from "./serve-text.ts";
import type { ServiceNames } from "./service-names.ts";

/** The package, and the two processes around what is generated. */
export function processTexts(names: ServiceNames): Record<string, string> {
  const { name } = names;
  return {
    ...(names.alone && { "serve.ts": serveText(names) }),
    "package.json": packageText(names),
    "service.ts": serviceText(names),
    "rpc/config.ts": rpcConfig(names),
    "rpc/context.ts": rpcContext(names),
    "rpc/errors.ts": rpcErrors(names),
    "rpc/main.ts": rpcMain(names),
    [`rpc/etc/${name}.yaml`]: rpcYaml(names),
    "api/config.ts": apiConfig(names),
    "api/context.ts": apiContext(names),
    "api/main.ts": apiMain(names),
    [`api/etc/${name}.yaml`]: apiYaml(names),
  };
}

function packageText({ name, alone }: ServiceNames): string {
  const manifest = {
    name: `@mall/${name}`,
    version: "0.1.0",
    private: true,
    type: "module",
    exports: { "./api": "./api/gen/client.ts", "./rpc": `./rpc/gen/${name}.ts`, "./service": "./service.ts" },
    dependencies: { "@mall/kit": "0.1.0", ...(!alone && { "@mall/user": "0.1.0" }), zod: "4.6.7" },
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

function serviceText({ name, ports }: ServiceNames): string {
  return `import type { Service } from "@mall/kit/process";

/** What the mall finds of the ${name} service. */
export const service: Service = {
  name: "${name}",
  ports: { api: ${ports.api}, rpc: ${ports.rpc} },
  calls: [],
  rpc: async () => (await import("./rpc/main.ts")).${name}Rpc,
  api: async () => (await import("./api/main.ts")).${name}Api,
};
`;
}

function rpcConfig({ name, type }: ServiceNames): string {
  return `import { rpcProcessConfig } from "@mall/kit/config";
import { z } from "zod";

/** What the ${name} rpc has of its own: nothing. */
export const ${name}RpcBlock = z.object({});

export const ${name}RpcConfig = rpcProcessConfig.extend(${name}RpcBlock.shape);

export type ${type}RpcConfig = z.output<typeof ${name}RpcConfig>;
`;
}

function rpcContext({ name, type }: ServiceNames): string {
  return `import type { Idempotency } from "@mall/kit/idempotency";
import type { ${type}Model } from "../model/${name}-model.ts";

/** What the ${name} rpc's logic may use. */
export interface ServiceContext {
  /** Lets each write with a key take effect once. */
  readonly idempotency: Idempotency;
  readonly ${name}Model: ${type}Model;
}
`;
}

function rpcErrors({ name }: ServiceNames): string {
  return `import { AppError } from "@mall/kit/errors";

export function ${name}NotFound(): AppError {
  return new AppError("NOT_FOUND", "${name.toUpperCase()}_NOT_FOUND", "${name} not found");
}
`;
}

function rpcMain({ name, type }: ServiceNames): string {
  return `import { createIdempotency, idempotencyMigrations } from "@mall/kit/idempotency";
import type { RpcProcess } from "@mall/kit/process";
import { ${name}Migrations } from "../model/gen/migrations.ts";
import { create${type}Model } from "../model/${name}-model.ts";
import { type ${type}RpcConfig, ${name}RpcBlock, ${name}RpcConfig } from "./config.ts";
import { type ${type}Client, ${type}Service } from "./gen/${name}.ts";
import { create${type}Server } from "./gen/server.ts";

/** The gRPC process of the ${name} service. */
export const ${name}Rpc: RpcProcess<${type}RpcConfig, ${type}Client> = {
  name: "${name}.rpc",
  config: ${name}RpcConfig,
  block: ${name}RpcBlock,
  service: ${type}Service,
  migrations: [${name}Migrations, idempotencyMigrations],
  contract: new URL("./${name}.proto", import.meta.url),
  build: async (config, placement) => {
    const database = await placement.database(config.Mysql.DataSource);
    return create${type}Server({
      idempotency: createIdempotency(database),
      ${name}Model: create${type}Model(database),
    });
  },
};
`;
}

function rpcYaml({ name, ports, alone }: ServiceNames): string {
  const source = alone
    ? `sqlite:data/${name}.db`
    : "root:123456@tcp(mysql:3306)/mall?charset=utf8mb4&parseTime=true&loc=Asia%2FShanghai";
  return `Name: ${name}.rpc
ListenOn: 0.0.0.0:${ports.rpc}

Mysql:
  DataSource: ${source}
`;
}

function apiConfig({ name, type }: ServiceNames): string {
  return `import { apiProcessConfig, rpcClientConfig } from "@mall/kit/config";
import { z } from "zod";

/** What the ${name} api has of its own: nothing. */
export const ${name}ApiBlock = z.object({});

export const ${name}ApiConfig = apiProcessConfig.extend({ ${type}Rpc: rpcClientConfig });

export type ${type}ApiConfig = z.output<typeof ${name}ApiConfig>;
`;
}

function apiContext({ name, type }: ServiceNames): string {
  return `import type { ${type}Client } from "@mall/${name}/rpc";

/** What the ${name} api's logic may use. */
export interface ServiceContext {
  readonly ${name}Rpc: ${type}Client;
}
`;
}

function apiMain({ name, type, alone }: ServiceNames): string {
  const user = alone ? "" : `import { revokedSource } from "@mall/user/rpc/revoked";\n`;
  const revoked = alone ? "() => undefined" : "({ UserRpc }, placement) => revokedSource(UserRpc, placement)";
  return `import type { ApiProcess } from "@mall/kit/process";
import { ${type}Service } from "@mall/${name}/rpc";
${user}import { type ${type}ApiConfig, ${name}ApiBlock, ${name}ApiConfig } from "./config.ts";
import { ${name}OpenApi } from "./gen/openapi.ts";
import { ${name}Routes } from "./gen/routes.ts";

/** The HTTP process of the ${name} service. */
export const ${name}Api: ApiProcess<${type}ApiConfig> = {
  name: "${name}.api",
  config: ${name}ApiConfig,
  block: ${name}ApiBlock,
  openApi: ${name}OpenApi,
  build: async ({ ${type}Rpc }, placement) =>
    ${name}Routes({ ${name}Rpc: placement.client(${type}Service, ${type}Rpc, "${type}Rpc") }),
  revoked: ${revoked},
};
`;
}

function apiYaml({ name, type, ports, alone, secret }: ServiceNames): string {
  const user = alone ? "" : "UserRpc:\n  Endpoints: [127.0.0.1:9000]\n";
  return `Name: ${name}.api
Host: 0.0.0.0
Port: ${ports.api}

Auth:
  AccessSecret: ${secret}
  AccessExpire: 86400

${type}Rpc:
  Endpoints: [127.0.0.1:${ports.rpc}]
${user}`;
}
