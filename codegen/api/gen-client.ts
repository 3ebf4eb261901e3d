import { type GeneratedFile, type GeneratedImport, generatedFile, pascalCase } from "../emit/index.ts";
import { type ApiContract, COMMAND } from "./api-contract.ts";
import { inputsName, routeNames } from "./names.ts";
import { hasBody, requestInputs } from "./request-inputs.ts";
import type { ApiRoute } from "./schema.ts";
import { answerText, promiseText, requestText, structNames } from "./type-text.ts";

/** `gen/client.ts`: a typed HTTP client with a method per handler. */
export function genClient(contract: ApiContract): GeneratedFile {
  const { types } = contract.schema;
  const methods = clientMethods(contract);
  const typeNames = types.map((type) => type.name).sort();
  const client = `${pascalCase(contract.name)}HttpClient`;
  const used = new Set(
    methods.flatMap(({ route }) => [...structNames(route.request), ...structNames(route.response)]),
  );
  return generatedFile({
    path: "gen/client.ts",
    command: COMMAND,
    source: contract.fileName,
    imports: [{ from: "@mall/kit/rest", names: kitNames(methods) }, ...typesImports([...used], methods)],
    body: [
      ...(typeNames.length > 0 ? [`export type { ${typeNames.join(", ")} } from "./types.ts";`, ""] : []),
      `/** A typed HTTP client of the ${contract.name} api. */`,
      `export interface ${client} {`,
      ...methods.map(signatureLine),
      "}",
      "",
      `export function create${client}(http: HttpClient): ${client} {`,
      "  return {",
      ...methods.map(methodLine),
      "  };",
      "}",
    ],
  });
}

/** Types alone as one import of types. */
function typesImports(types: readonly string[], methods: readonly ClientMethod[]): GeneratedImport[] {
  const inputs = [...new Set(methods.flatMap((method) => method.inputs ?? []))];
  if (inputs.length === 0) return [{ from: "./types.ts", names: types, type: true }];
  return [{ from: "./types.ts", names: [...inputs, ...types.map((name) => `type ${name}`)] }];
}

/** A route as its client asks it. */
interface ClientMethod {
  readonly name: string;
  readonly route: ApiRoute;
  /** The constant that says which fields travel outside of the body. */
  readonly inputs: string | undefined;
  readonly bodiless: boolean;
}

function clientMethods({ schema: { routes, types } }: ApiContract): ClientMethod[] {
  const names = routeNames(routes);
  const byName = new Map(types.map((type) => [type.name, type]));
  // Who calls a raw route speaks a protocol of its own.
  return routes
    .filter(({ raw }) => !raw)
    .map((route) => {
      const [request = ""] = structNames(route.request);
      const type = byName.get(request);
      const inputs = type !== undefined && requestInputs(type).length > 0 ? inputsName(request) : undefined;
      const bodiless = inputs !== undefined && type !== undefined && !hasBody(type);
      return { name: names.get(route)?.operation ?? route.handler, route, inputs, bodiless };
    });
}

function kitNames(methods: readonly ClientMethod[]): string[] {
  const isWritten = methods.some(({ route }) => !route.repeatable);
  return [
    "type HttpClient",
    ...(methods.some(({ route }) => route.events) ? ["requestEvents"] : []),
    ...(methods.some(({ route }) => !route.events) ? ["requestJson"] : []),
    ...(isWritten ? ["type WriteOptions"] : []),
  ];
}

function signatureLine({ name, route }: ClientMethod): string {
  const request = requestText(route);
  const parameters = [
    ...(request === undefined ? [] : [`request: ${request}`]),
    ...(route.repeatable ? [] : ["options?: WriteOptions"]),
  ];
  const answer = route.events ? `AsyncIterable<${answerText(route)}>` : promiseText(route);
  return `  ${name}(${parameters.join(", ")}): ${answer};`;
}

function methodLine({ name, route, inputs, bodiless }: ClientMethod): string {
  const { method, path, repeatable, request, events } = route;
  const parameters = [...(request === undefined ? [] : ["request"]), ...(repeatable ? [] : ["options"])];
  const parts = [
    `method: "${method}"`,
    `path: "${path}"`,
    ...(inputs === undefined ? [] : [`inputs: ${inputs}`]),
    ...(bodiless ? ["bodiless: true"] : []),
    ...(repeatable ? [] : ["...options"]),
  ];
  const body = request === undefined ? "" : ", request";
  const send = events ? "requestEvents" : "requestJson";
  return `    ${name}: (${parameters.join(", ")}) => ${send}(http, { ${parts.join(", ")} }${body}),`;
}
