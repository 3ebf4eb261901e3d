import {
  type GeneratedFile,
  type GeneratedImport,
  generatedFile,
  kebabCase,
  logicName,
  lowerFirst,
} from "../emit/index.ts";
import type { ProtoMethod } from "./contract.ts";
import { takesStream } from "./method-text.ts";
import type { RpcNames, ServiceNames } from "./rpc-names.ts";

/** `gen/server.ts`: the logic functions behind the client interfaces. */
export function serverFile(names: RpcNames): GeneratedFile {
  return generatedFile({
    path: "gen/server.ts",
    command: names.command,
    source: names.source,
    imports: [
      { from: "../context.ts", names: ["ServiceContext"], type: true },
      ...names.services.flatMap((service) => logicImports(service, names)),
      { from: `./${names.file}.ts`, names: names.services.map(({ client }) => client), type: true },
    ],
    body: names.services.flatMap((service) => serverLines(service, names)),
  });
}

/** Services of one contract may have methods of one name. */
function localName(method: ProtoMethod, { service }: ServiceNames, names: RpcNames): string {
  if (names.services.length === 1) return logicName(method.name);
  return `${lowerFirst(service.name)}${method.name.charAt(0).toUpperCase()}${method.name.slice(1)}`;
}

function logicImports(service: ServiceNames, names: RpcNames): GeneratedImport[] {
  return service.service.methods.map((method) => {
    const exported = logicName(method.name);
    const local = localName(method, service, names);
    return {
      from: `../${service.logic}/${kebabCase(method.name)}.ts`,
      names: [exported === local ? exported : `${exported} as ${local}`],
    };
  });
}

function serverLines(service: ServiceNames, names: RpcNames): string[] {
  const { client, createServer } = service;
  const what =
    names.services.length > 1 ? `The logic of ${service.service.name}` : `The ${names.file} rpc's logic`;
  return [
    `/** ${what} behind its client interface. */`,
    `export function ${createServer}(context: ServiceContext): ${client} {`,
    "  return {",
    ...service.service.methods.map((method) => {
      const argument = takesStream(method) ? "requests" : "request";
      const call = `${localName(method, service, names)}(context, call, ${argument})`;
      return `    ${lowerFirst(method.name)}: (call, ${argument}) => ${call},`;
    }),
    "  };",
    "}",
    "",
  ];
}
