import { kebabCase, lowerFirst } from "../emit/index.ts";

/** The constant in `gen/types.ts` that holds the JSON Schema of a type. */
export function schemaName(type: string): string {
  return `${lowerFirst(type)}Schema`;
}

/** The file of a handler's logic, relative to the api folder: `logic/user-info.ts`. */
export function logicPath(route: { readonly handler: string; readonly group: string }): string {
  const folder = route.group === "" ? "logic" : `logic/${route.group}`;
  return `${folder}/${kebabCase(route.handler)}.ts`;
}
