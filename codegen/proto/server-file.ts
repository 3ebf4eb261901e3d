import { type GeneratedFile, generatedFile, kebabCase, logicName, lowerFirst } from "../emit/index.ts";
import type { ProtoContract, ProtoMethod } from "./contract.ts";
import type { RpcNames } from "./rpc-names.ts";

/** `gen/server.ts`: the logic functions behind the client interface. */
export function serverFile(contract: ProtoContract, names: RpcNames): GeneratedFile {
  const { methods } = contract.service;
  return generatedFile({
    path: "gen/server.ts",
    command: names.command,
    source: names.source,
    imports: [
      { from: "../context.ts", names: ["ServiceContext"], type: true },
      ...methods.map((method) => ({
        from: `../logic/${kebabCase(method.name)}.ts`,
        names: [logicName(method.name)],
      })),
      { from: `./${names.file}.ts`, names: [names.client], type: true },
    ],
    body: [
      `/** The ${names.file} rpc's logic behind its client interface. */`,
      `export function ${names.createServer}(context: ServiceContext): ${names.client} {`,
      "  return {",
      ...methods.map(methodLine),
      "  };",
      "}",
    ],
  });
}

function methodLine(method: ProtoMethod): string {
  const name = lowerFirst(method.name);
  return `    ${name}: (call, request) => ${logicName(method.name)}(context, call, request),`;
}
