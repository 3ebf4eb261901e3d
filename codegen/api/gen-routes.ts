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
import { inputsName, logicPath, middlewarePath, type RouteName, routeNames, schemaName } from "./names.ts";
import { hasBody, requestInputs } from "./request-inputs.ts";
import type { ApiRoute, ApiType, TypeRef } from "./schema.ts";
import { schemaSet } from "./shared-schemas.ts";
import { requestText, structNames } from "./type-text.ts";

/** What the lines of a route are made from beside it. */
interface RouteScope {
  readonly nameOf: (route: ApiRoute) => RouteName;
  readonly typeOf: (name: string) => ApiType | undefined;
  /** Whether the schema of a type refers to others of its file. */
  readonly refers: (name: string) => boolean;
}

/** `gen/routes.ts`: the route table, bound to the logic of each handler. */
export function genRoutes(contract: ApiContract): GeneratedFile {
  const { routes, types } = contract.schema;
  const names = routeNames(routes);
  const byName = new Map(types.map((type) => [type.name, type]));
  const scope: RouteScope = {
    nameOf: (route) => names.get(route) ?? { operation: route.handler, logic: logicName(route.handler) },
    typeOf: (name) => byName.get(name),
    refers: schemaSet(types).refers,
  };
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
      ...middlewareNames(routes).map((name) => ({
        from: `../${middlewarePath(name)}`,
        names: [middlewareImport(name)],
      })),
      ...routes.map((route) => logicImport(route, scope)),
      { from: "./types.ts", names: typeImports(routes, scope) },
    ],
    body: [
      `/** The routes of ${contract.fileName}, bound to their logic. */`,
      `export function ${camelCase(contract.name)}Routes(context: ServiceContext): Route[] {`,
      "  return [",
      ...routes.flatMap((route) => routeLines(route, scope)),
      "  ];",
      "}",
    ],
  });
}

/** The middlewares of a contract, each once. */
export function middlewareNames(routes: readonly ApiRoute[]): string[] {
  return [...new Set(routes.flatMap(({ middlewares = [] }) => middlewares))];
}

function middlewareImport(name: string): string {
  const exported = logicName(name);
  return exported === middlewareLocal(name) ? exported : `${exported} as ${middlewareLocal(name)}`;
}

/** A middleware may have the name of a handler. */
function middlewareLocal(name: string): string {
  return `${logicName(name).replace(/Middleware$/, "")}Middleware`;
}

function logicImport(route: ApiRoute, { nameOf }: RouteScope): GeneratedImport {
  const exported = logicName(route.handler);
  const local = nameOf(route).logic;
  return {
    from: `../${logicPath(route)}`,
    names: [exported === local ? exported : `${exported} as ${local}`],
  };
}

function typeImports(routes: readonly ApiRoute[], { typeOf }: RouteScope): string[] {
  const names = new Set<string>();
  for (const { request, response } of routes) {
    for (const name of structNames(request)) {
      names.add(`type ${name}`).add(schemaName(name));
      const type = typeOf(name);
      if (type !== undefined && requestInputs(type).length > 0) names.add(inputsName(name));
    }
    for (const name of structNames(response)) names.add(schemaName(name));
  }
  return [...names];
}

function routeLines(route: ApiRoute, scope: RouteScope): string[] {
  const { raw, response, middlewares = [], timeoutMs, bodyBytesMax } = route;
  return [
    "    {",
    `      method: "${route.method}",`,
    `      path: "${route.path}",`,
    `      handler: "${route.handler}",`,
    `      auth: ${route.auth},`,
    ...(raw ? ["      raw: true,"] : []),
    ...(route.events ? ["      events: true,"] : []),
    ...(route.repeatable ? ["      repeatable: true,"] : []),
    ...(timeoutMs === undefined ? [] : [`      timeoutMs: ${timeoutMs},`]),
    ...(bodyBytesMax === undefined ? [] : [`      bodyBytesMax: ${bodyBytesMax},`]),
    ...(middlewares.length === 0
      ? []
      : [`      middlewares: [${middlewares.map(boundMiddleware).join(", ")}],`]),
    ...requestLines(route, scope),
    ...(response === undefined ? [] : [`      response: ${schemaText(response, scope)},`]),
    `      handle: ${handleText(route, scope)},`,
    "    },",
  ];
}

function boundMiddleware(name: string): string {
  return `(...asked) => ${middlewareLocal(name)}(context, ...asked)`;
}

function requestLines({ request }: ApiRoute, scope: RouteScope): string[] {
  const [name] = structNames(request);
  const type = name === undefined ? undefined : scope.typeOf(name);
  if (type === undefined) return [];
  const inputs = requestInputs(type).length > 0;
  return [
    `      request: ${schemaName(type.name)},`,
    ...(inputs ? [`      inputs: ${inputsName(type.name)},`] : []),
    ...(inputs && !hasBody(type) ? ["      bodiless: true,"] : []),
  ];
}

function handleText(route: ApiRoute, { nameOf }: RouteScope): string {
  const { logic } = nameOf(route);
  const taken = requestText(route);
  // A generator function gives its events at once, no promise of them.
  const async = route.events ? "async " : "";
  return taken === undefined
    ? `${async}(call) => ${logic}(context, call)`
    : `${async}(call, request: ${taken}) => ${logic}(context, call, request)`;
}

/** The schema of an answer: constants of `types.ts` where it names structs. */
function schemaText(ref: TypeRef, scope: RouteScope): string {
  const [name] = structNames(ref);
  if (name === undefined)
    return printLiteral(
      refSchema(ref, () => ({})),
      "",
      "",
    ).join("\n");
  if (ref.kind === "struct") return schemaName(name);
  const shared = scope.refers(name) ? `, $defs: ${schemaName(name)}.$defs` : "";
  return `${containerText(ref).slice(0, -2)}${shared} }`;
}

function containerText(ref: TypeRef): string {
  if (ref.kind === "struct") return schemaName(ref.name);
  if (ref.kind === "array") return `{ type: "array", items: ${containerText(ref.element)} }`;
  return ref.kind === "map" ? `{ type: "object", additionalProperties: ${containerText(ref.value)} }` : "{}";
}
