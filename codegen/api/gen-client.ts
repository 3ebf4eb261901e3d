import { type GeneratedFile, generatedFile, lowerFirst, pascalCase } from "../emit/index.ts";
import { type ApiContract, COMMAND } from "./api-contract.ts";
import type { ApiRoute } from "./schema.ts";
import { promiseText, structNames } from "./type-text.ts";

/** `gen/client.ts`: a typed HTTP client with a method per handler. */
export function genClient(contract: ApiContract): GeneratedFile {
  const { types } = contract.schema;
  // Who calls a raw route speaks a protocol of its own.
  const routes = contract.schema.routes.filter(({ raw }) => !raw);
  const typeNames = types.map((type) => type.name).sort();
  const client = `${pascalCase(contract.name)}HttpClient`;
  const used = new Set(
    routes.flatMap((route) => [...structNames(route.request), ...structNames(route.response)]),
  );
  return generatedFile({
    path: "gen/client.ts",
    command: COMMAND,
    source: contract.fileName,
    imports: [
      { from: "@mall/kit/rest", names: kitNames(routes) },
      { from: "./types.ts", names: [...used], type: true },
    ],
    body: [
      ...(typeNames.length > 0 ? [`export type { ${typeNames.join(", ")} } from "./types.ts";`, ""] : []),
      `/** A typed HTTP client of the ${contract.name} api. */`,
      `export interface ${client} {`,
      ...routes.map(signatureLine),
      "}",
      "",
      `export function create${client}(http: HttpClient): ${client} {`,
      "  return {",
      ...routes.map(methodLine),
      "  };",
      "}",
    ],
  });
}

function kitNames(routes: readonly ApiRoute[]): string[] {
  const isWritten = routes.some((route) => !route.repeatable);
  return [
    "type HttpClient",
    ...(routes.length > 0 ? ["requestJson"] : []),
    ...(isWritten ? ["type WriteOptions"] : []),
  ];
}

function signatureLine(route: ApiRoute): string {
  const { handler, repeatable, request } = route;
  const parameters = [
    ...(request === undefined ? [] : [`request: ${request.name}`]),
    ...(repeatable ? [] : ["options?: WriteOptions"]),
  ];
  return `  ${lowerFirst(handler)}(${parameters.join(", ")}): ${promiseText(route)};`;
}

function methodLine({ handler, method, path, repeatable, request }: ApiRoute): string {
  const parameters = [...(request === undefined ? [] : ["request"]), ...(repeatable ? [] : ["options"])];
  const target = `{ method: "${method}", path: "${path}"${repeatable ? "" : ", ...options"} }`;
  const body = request === undefined ? "" : ", request";
  return `    ${lowerFirst(handler)}: (${parameters.join(", ")}) => requestJson(http, ${target}${body}),`;
}
