import { serveText } from "./serve-text.ts";
import { type RpcNames, type ServiceNames, typeOfService } from "./service-names.ts";
import { sortedByModule } from "./sorted-imports.ts";

/** The package, and the processes around what is generated. */
export function processTexts(names: ServiceNames): Record<string, string> {
  const { name, rpc, api } = names;
  return {
    ...(names.alone && { "serve.ts": serveText(names) }),
    "package.json": packageText(names),
    "service.ts": serviceText(names),
    ...(rpc && {
      "rpc/config.ts": rpcConfig(names),
      "rpc/context.ts": rpcContext(names, rpc),
      "rpc/main.ts": rpcMain(names, rpc),
      [`rpc/etc/${name}.yaml`]: rpcYaml(names),
    }),
    ...(api && {
      "api/config.ts": apiConfig(names),
      "api/context.ts": apiContext(names),
      "api/main.ts": apiMain(names),
      [`api/etc/${name}.yaml`]: apiYaml(names),
    }),
  };
}

function packageText({ name, alone, rpc, api }: ServiceNames): string {
  const manifest = {
    name: `@mall/${name}`,
    version: "0.1.0",
    private: true,
    type: "module",
    exports: {
      ...(api && { "./api": "./api/gen/client.ts" }),
      ...(api?.starts === "own" && { "./api/openapi": "./api/gen/openapi.ts" }),
      ...(rpc && { "./rpc": `./rpc/gen/${name}.ts` }),
      ...(rpc?.starts === "texts" && { "./rpc/errors": "./rpc/errors.ts" }),
      "./service": "./service.ts",
    },
    dependencies: { "@mall/kit": "0.1.0", ...(api && !alone && { "@mall/user": "0.1.0" }), zod: "4.6.7" },
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

function serviceText({ name, ports, rpc, api }: ServiceNames): string {
  const own = [...(api ? [`api: ${ports.api}`] : []), ...(rpc ? [`rpc: ${ports.rpc}`] : [])];
  const parts = [...(rpc ? ["rpc"] : []), ...(api ? ["api"] : [])].map(
    (part) => `  ${part}: async () => (await import("./${part}/main.ts")).${name}${typeOfService(part)},\n`,
  );
  return `import type { Service } from "@mall/kit/process";

/** What the mall finds of the ${name} service. */
export const service: Service = {
  name: "${name}",
  ports: { ${own.join(", ")} },
  calls: [],
${parts.join("")}};
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

function rpcContext({ name }: ServiceNames, { tables }: RpcNames): string {
  const imports = tables.map(({ type, file }) => `import type { ${type} } from "../model/${file}.ts";\n`);
  const models = tables.map(({ property, type }) => `  readonly ${property}: ${type};\n`);
  return `import type { Idempotency } from "@mall/kit/idempotency";
${sortedByModule(imports).join("")}
/** What the ${name} rpc's logic may use. */
export interface ServiceContext {
  /** Lets each write with a key take effect once. */
  readonly idempotency: Idempotency;
${models.join("")}}
`;
}

function rpcMain({ name, type }: ServiceNames, { service, tables }: RpcNames): string {
  const keeps = tables.length > 0;
  const files = [
    ...(keeps ? [["gen/migrations", `${name}Migrations`]] : []),
    ...tables.map(({ file, create }) => [file, create]),
  ].sort();
  const imports = files.map(([file, value]) => `import { ${value} } from "../model/${file}.ts";\n`);
  const models = tables.map(({ property, create }) => `      ${property}: ${create}(database),\n`);
  return `import { createIdempotency, idempotencyMigrations } from "@mall/kit/idempotency";
import type { RpcProcess } from "@mall/kit/process";
${imports.join("")}import { type ${type}RpcConfig, ${name}RpcBlock, ${name}RpcConfig } from "./config.ts";
import { type ${service}Client, ${service}Service } from "./gen/${name}.ts";
import { create${service}Server } from "./gen/server.ts";

/** The gRPC process of the ${name} service. */
export const ${name}Rpc: RpcProcess<${type}RpcConfig, ${service}Client> = {
  name: "${name}.rpc",
  config: ${name}RpcConfig,
  block: ${name}RpcBlock,
  service: ${service}Service,
  migrations: [${keeps ? `${name}Migrations, ` : ""}idempotencyMigrations],
  contract: new URL("./${name}.proto", import.meta.url),
  build: async (config, placement) => {
    const database = await placement.database(config.Mysql.DataSource);
    return create${service}Server({
      idempotency: createIdempotency(database),
${models.join("")}    });
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

function apiConfig({ name, type, rpc }: ServiceNames): string {
  const whole = rpc ? `apiProcessConfig.extend({ ${type}Rpc: rpcClientConfig })` : "apiProcessConfig";
  return `import { apiProcessConfig${rpc ? ", rpcClientConfig" : ""} } from "@mall/kit/config";
import { z } from "zod";

/** What the ${name} api has of its own: nothing. */
export const ${name}ApiBlock = z.object({});

export const ${name}ApiConfig = ${whole};

export type ${type}ApiConfig = z.output<typeof ${name}ApiConfig>;
`;
}

function apiContext({ name, rpc }: ServiceNames): string {
  const [from, type, property, doc] = rpc
    ? [`@mall/${name}/rpc`, `${rpc.service}Client`, `${name}Rpc`, ""]
    : ["@mall/kit/runtime", "Runtime", "runtime", "  /** Clock, chance and timers. */\n"];
  return `import type { ${type} } from "${from}";

/** What the ${name} api's logic may use. */
export interface ServiceContext {
${doc}  readonly ${property}: ${type};
}
`;
}

function apiMain({ name, type, alone, rpc }: ServiceNames): string {
  const user = alone ? "" : `import { revokedSource } from "@mall/user/rpc/revoked";\n`;
  const revoked = alone ? "() => undefined" : "({ UserRpc }, placement) => revokedSource(UserRpc, placement)";
  const client = rpc ? `import { ${rpc.service}Service } from "@mall/${name}/rpc";\n` : "";
  const build = rpc
    ? `async ({ ${type}Rpc }, placement) =>
    ${name}Routes({ ${name}Rpc: placement.client(${rpc.service}Service, ${type}Rpc, "${type}Rpc") })`
    : `async (_config, { runtime }) => ${name}Routes({ runtime })`;
  const packages = ['import type { ApiProcess } from "@mall/kit/process";\n', client, user];
  return `${sortedByModule(packages).join("")}import { type ${type}ApiConfig, ${name}ApiBlock, ${name}ApiConfig } from "./config.ts";
import { ${name}OpenApi } from "./gen/openapi.ts";
import { ${name}Routes } from "./gen/routes.ts";

/** The HTTP process of the ${name} service. */
export const ${name}Api: ApiProcess<${type}ApiConfig> = {
  name: "${name}.api",
  config: ${name}ApiConfig,
  block: ${name}ApiBlock,
  openApi: ${name}OpenApi,
  build: ${build},
  revoked: ${revoked},
};
`;
}

function apiYaml({ name, type, ports, alone, secret, rpc }: ServiceNames): string {
  const own = rpc ? `${type}Rpc:\n  Endpoints: [127.0.0.1:${ports.rpc}]\n` : "";
  const user = alone ? "" : "UserRpc:\n  Endpoints: [127.0.0.1:9000]\n";
  const neighbours = own + user;
  return `Name: ${name}.api
Host: 0.0.0.0
Port: ${ports.api}

Auth:
  AccessSecret: ${secret}
  AccessExpire: 86400
${neighbours === "" ? "" : `\n${neighbours}`}`;
}
