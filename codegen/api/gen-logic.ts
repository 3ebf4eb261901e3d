import { docComment, type GeneratedFile, logicName } from "../emit/index.ts";
import type { ApiContract } from "./api-contract.ts";
import { logicPath } from "./names.ts";
import type { ApiRoute } from "./schema.ts";
import { promiseText, requestText, structNames } from "./type-text.ts";

const LINE_WIDTH = 110;

/** `logic/<handler>.ts`: where the business logic of each handler is to be written; safe to edit. */
export function genLogic(contract: ApiContract): GeneratedFile[] {
  return contract.schema.routes.map((route) => ({ path: logicPath(route), content: logicText(route) }));
}

function logicText(route: ApiRoute): string {
  const up = "../".repeat(logicPath(route).split("/").length - 1);
  const types = [...new Set([...structNames(route.request), ...structNames(route.response)])].sort();
  const lines = [
    'import type { Call } from "@mall/kit/call";',
    'import { AppError } from "@mall/kit/errors";',
    ...(route.raw ? ['import type { RawAnswer, RawRequest } from "@mall/kit/rest";'] : []),
    `import type { ServiceContext } from "${up}context.ts";`,
    ...(types.length > 0 ? [`import type { ${types.join(", ")} } from "${up}gen/types.ts";`] : []),
    "",
    ...docComment(route.summary),
    ...signatureLines(route),
    `  throw new AppError("UNIMPLEMENTED", "UNIMPLEMENTED", "${route.handler} is not implemented");`,
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

function signatureLines(route: ApiRoute): string[] {
  const parameters = ["_context: ServiceContext", "_call: Call"];
  const request = requestText(route);
  if (request !== undefined) parameters.push(`_request: ${request}`);
  const open = `export async function ${logicName(route.handler)}(`;
  const close = `): ${promiseText(route)} {`;
  const line = open + parameters.join(", ") + close;
  if (line.length <= LINE_WIDTH) return [line];
  return [open, ...parameters.map((parameter) => `  ${parameter},`), close];
}
