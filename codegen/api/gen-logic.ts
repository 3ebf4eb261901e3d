import { docComment, type GeneratedFile, logicName, unwrittenBody } from "../emit/index.ts";
import type { ApiContract } from "./api-contract.ts";
import { middlewareNames } from "./gen-routes.ts";
import { logicPath, middlewarePath } from "./names.ts";
import type { ApiRoute } from "./schema.ts";
import { answerText, promiseText, requestText, structNames } from "./type-text.ts";

const LINE_WIDTH = 110;

/** `logic/<handler>.ts`: where the business logic of each handler is to be written; safe to edit. */
export function genLogic(contract: ApiContract): GeneratedFile[] {
  const { routes } = contract.schema;
  return [
    ...routes.map((route) => ({ path: logicPath(route), content: logicText(route) })),
    ...middlewareNames(routes).map((name) => ({
      path: middlewarePath(name),
      content: middlewareText(name),
    })),
  ];
}

/** Refuses until it is written: what was to be checked is not let through unchecked. */
function middlewareText(name: string): string {
  const lines = [
    'import type { Call } from "@mall/kit/call";',
    'import { AppError } from "@mall/kit/errors";',
    'import type { MiddlewareRequest, Next } from "@mall/kit/rest";',
    'import type { ServiceContext } from "../context.ts";',
    "",
    "/** Runs around the logic of its routes: `next(call)` goes on with the request. */",
    `export async function ${logicName(name)}(`,
    "  _context: ServiceContext,",
    "  _call: Call,",
    "  _request: MiddlewareRequest,",
    "  _next: Next,",
    "): Promise<unknown> {",
    ...unwrittenBody(`the middleware ${name}`),
    "}",
  ];
  return `${lines.join("\n")}\n`;
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
    ...unwrittenBody(route.handler, route.events),
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

function signatureLines(route: ApiRoute): string[] {
  const parameters = ["_context: ServiceContext", "_call: Call"];
  const request = requestText(route);
  if (request !== undefined) parameters.push(`_request: ${request}`);
  const open = `export async function${route.events ? "*" : ""} ${logicName(route.handler)}(`;
  const answer = route.events ? `AsyncGenerator<${answerText(route)}>` : promiseText(route);
  const close = `): ${answer} {`;
  const line = open + parameters.join(", ") + close;
  if (line.length <= LINE_WIDTH) return [line];
  return [open, ...parameters.map((parameter) => `  ${parameter},`), close];
}
