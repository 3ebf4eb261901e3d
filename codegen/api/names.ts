import { camelCase, kebabCase, logicName, lowerFirst, pascalCase } from "../emit/index.ts";
import type { ApiRoute } from "./schema.ts";

/** The constant in `gen/types.ts` that holds the JSON Schema of a type. */
export function schemaName(type: string): string {
  return `${lowerFirst(type)}Schema`;
}

/** The constant in `gen/types.ts` that says where the fields of a request come from. */
export function inputsName(type: string): string {
  return `${lowerFirst(type)}Inputs`;
}

/** The file of a handler's logic, relative to the api folder: `logic/user-info.ts`. */
export function logicPath(route: { readonly handler: string; readonly group: string }): string {
  const folder = route.group === "" ? "logic" : `logic/${route.group}`;
  return `${folder}/${kebabCase(route.handler)}.ts`;
}

/** The file of a middleware, relative to the api folder: `middleware/check-token.ts`. */
export function middlewarePath(name: string): string {
  return `middleware/${kebabCase(name)}.ts`;
}

/** What a route is called among all of its service, which may have a handler of one name in several groups. */
export interface RouteName {
  /** Of its operation and its client's method: `create`, or `orderCreate` where `userCreate` is another. */
  readonly operation: string;
  /** What the route table calls its logic. */
  readonly logic: string;
}

export function routeNames(routes: readonly ApiRoute[]): ReadonlyMap<ApiRoute, RouteName> {
  const counts = new Map<string, number>();
  for (const { handler } of routes)
    counts.set(lowerFirst(handler), (counts.get(lowerFirst(handler)) ?? 0) + 1);
  return new Map(
    routes.map((route) => {
      const plain = lowerFirst(route.handler);
      if (counts.get(plain) === 1 || route.group === "")
        return [route, { operation: plain, logic: logicName(route.handler) }];
      const operation = camelCase(route.group.replaceAll("/", "-")) + pascalCase(route.handler);
      return [route, { operation, logic: logicName(operation) }];
    }),
  );
}
