import type { JsonSchema } from "./route.ts";

/** A step into a JSON value: a key or an index. */
export type PathPart = string | number;

/** Keys are the client's, so a message that names one must not grow with it. */
const LENGTH_MAX = 200;

/** A field's place as people write it, `a.b[0]`, cut where it is too long to read. */
export function fieldPath(parts: readonly PathPart[]): string {
  let path = "";
  for (const part of parts) {
    if (typeof part === "number") path += `[${part}]`;
    else path += path === "" ? part : `.${part}`;
  }
  return path.length > LENGTH_MAX ? `${path.slice(0, LENGTH_MAX)}…` : path;
}

/** The schema of the field at a place, or undefined where the schema does not know it. */
export function schemaAt(schema: JsonSchema, parts: readonly PathPart[]): JsonSchema | undefined {
  let current: unknown = schema;
  for (const part of parts) {
    if (!isSchema(current)) return undefined;
    current = referred(schema, typeof part === "number" ? current.items : memberSchema(current, part));
  }
  return isSchema(current) ? current : undefined;
}

const DEFINITION = "#/$defs/";

/** What a `$ref` into the `$defs` of a schema stands for. */
function referred(root: JsonSchema, schema: unknown): unknown {
  if (!isSchema(schema) || typeof schema.$ref !== "string" || !isSchema(root.$defs)) return schema;
  return schema.$ref.startsWith(DEFINITION) ? root.$defs[schema.$ref.slice(DEFINITION.length)] : schema;
}

function memberSchema(schema: JsonSchema, name: string): unknown {
  const { properties, additionalProperties } = schema;
  if (isSchema(properties) && Object.hasOwn(properties, name)) return properties[name];
  return additionalProperties;
}

/** Whether a part of a schema is itself one, or a map of them. */
export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
