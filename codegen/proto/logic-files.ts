import {
  docComment,
  type GeneratedFile,
  kebabCase,
  logicName,
  lowerFirst,
  unwrittenBody,
} from "../emit/index.ts";
import type { ProtoMethod } from "./contract.ts";
import { givesStream, requestText } from "./method-text.ts";
import type { RpcNames, ServiceNames } from "./rpc-names.ts";

/** `logic/<method>.ts` for each method: where its business logic is written by hand. */
export function logicFiles(names: RpcNames): GeneratedFile[] {
  return names.services.flatMap((service) =>
    service.service.methods.map((method) => logicFile(method, service, names)),
  );
}

function logicFile(method: ProtoMethod, { logic }: ServiceNames, names: RpcNames): GeneratedFile {
  const up = "../".repeat(logic.split("/").length);
  const messages = [...new Set([method.request, method.response])].sort();
  const lines = [
    'import type { Call } from "@mall/kit/call";',
    'import { AppError } from "@mall/kit/errors";',
    `import type { ServiceContext } from "${up}context.ts";`,
    `import type { ${messages.join(", ")} } from "${up}gen/${names.file}.ts";`,
    "",
    ...docComment(method.comment),
    `export async function${givesStream(method) ? "*" : ""} ${logicName(method.name)}(`,
    "  _context: ServiceContext,",
    "  _call: Call,",
    `  _${requestText(method)},`,
    givesStream(method) ? `): AsyncGenerator<${method.response}> {` : `): Promise<${method.response}> {`,
    ...unwrittenBody(lowerFirst(method.name), givesStream(method)),
    "}",
  ];
  return { path: `${logic}/${kebabCase(method.name)}.ts`, content: `${lines.join("\n")}\n` };
}
