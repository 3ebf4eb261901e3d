import { docComment, type GeneratedFile, kebabCase, logicName, lowerFirst } from "../emit/index.ts";
import type { ProtoContract, ProtoMethod } from "./contract.ts";
import type { RpcNames } from "./rpc-names.ts";

/** `logic/<method>.ts` for each method: where its business logic is written by hand. */
export function logicFiles(contract: ProtoContract, names: RpcNames): GeneratedFile[] {
  return contract.service.methods.map((method) => logicFile(method, names));
}

function logicFile(method: ProtoMethod, names: RpcNames): GeneratedFile {
  const messages = [...new Set([method.request, method.response])].sort();
  const lines = [
    'import type { Call } from "@mall/kit/call";',
    'import { AppError } from "@mall/kit/errors";',
    'import type { ServiceContext } from "../context.ts";',
    `import type { ${messages.join(", ")} } from "../gen/${names.file}.ts";`,
    "",
    ...docComment(method.comment),
    `export async function ${logicName(method.name)}(`,
    "  _context: ServiceContext,",
    "  _call: Call,",
    `  _request: ${method.request},`,
    `): Promise<${method.response}> {`,
    `  throw new AppError("UNIMPLEMENTED", "UNIMPLEMENTED", "${lowerFirst(method.name)} is not implemented");`,
    "}",
  ];
  return { path: `logic/${kebabCase(method.name)}.ts`, content: `${lines.join("\n")}\n` };
}
