import {
  camelCase,
  type GeneratedFile,
  type GeneratedImport,
  generatedFile,
  logicName,
} from "../emit/index.ts";
import { type ApiContract, COMMAND } from "./api-contract.ts";
import { refSchema } from "./json-schema.ts";
import { printLiteral } from "./literal.ts";
import { logicPath, schemaName } from "./names.ts";
import type { ApiRoute, TypeRef } from "./schema.ts";
import { requestText, structNames } from "./type-text.ts";

/** `gen/routes.ts`: the route table, bound to the logic of each handler. */
export function genRoutes(contract: ApiContract): GeneratedFile {
  const { routes } = contract.schema;
  return generatedFile({
    path: "gen/routes.ts",
    command: COMMAND,
    source: contract.fileName,
    imports: [
      {
        from: "@mall/kit/rest",
        names: [...(routes.some(({ raw }) => raw) ? ["RawRequest"] : []), "Route"],
        type: true,
      },
      { from: "../context.ts", names: ["ServiceContext"], type: true },
      ...routes.map(logicImport),
      { from: "./types.ts", names: typeImports(routes) },
    ],
    body: [
      `/** The routes of ${contract.fileName}, bound to their logic. */`,
      `export function ${camelCase(contract.name)}Routes(context: ServiceContext): Route[] {`,
      "  return [",
      ...routes.flatMap(routeLines),
      "  ];",
      "}",
    ],
  });
}

function logicImport(route: ApiRoute): GeneratedImport {
  return { from: `../${logicPath(route)}`, names: [logicName(route.handler)] };
}

function typeImports(routes: readonly ApiRoute[]): string[] {
  const names = new Set<string>();
  for (const { request, response } of routes) {
    if (request !== undefined) names.add(`type ${request.name}`).add(schemaName(request.name));
    for (const name of structNames(response)) names.add(schemaName(name));
  }
  return [...names];
}

function routeLines(route: ApiRoute): string[] {
  const { raw, request, response } = route;
  const logic = logicName(route.handler);
  const taken = requestText(route);
  const handle =
    taken === undefined
      ? `(call) => ${logic}(context, call)`
      : `(call, request: ${taken}) => ${logic}(context, call, request)`;
  return [
    "    {",
    `      method: "${route.method}",`,
    `      path: "${route.path}",`,
    `      handler: "${route.handler}",`,
    `      auth: ${route.auth},`,
    ...(raw ? ["      raw: true,"] : []),
    ...(route.repeatable ? ["      repeatable: true,"] : []),
    ...(request === undefined ? [] : [`      request: ${schemaName(request.name)},`]),
    ...(response === undefined ? [] : [`      response: ${schemaText(response)},`]),
    `      handle: ${handle},`,
    "    },",
  ];
}

/** The schema of an answer: constants of `types.ts` where it names structs. */
function schemaText(ref: TypeRef): string {
  if (ref.kind === "struct") return schemaName(ref.name);
  if (ref.kind === "array") return `{ type: "array", items: ${schemaText(ref.element)} }`;
  if (ref.kind === "map") return `{ type: "object", additionalProperties: ${schemaText(ref.value)} }`;
  return printLiteral(
    refSchema(ref, () => ({})),
    "",
    "",
  ).join("\n");
}
