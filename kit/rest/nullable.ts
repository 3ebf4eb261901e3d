import { exclusionsOf, notTogether } from "./exclusions.ts";

type Schema = Readonly<Record<string, unknown>>;

/**
 * The schemas of a document as requests are checked: what may be left out may be null as well, which counts as left
 * out, unless it has a default. That of no answer, so only schemas that a request reaches are changed.
 */
export function allowNulls(
  paths: Readonly<Record<string, unknown>>,
  schemas: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const asked = new Set<string>();
  for (const operation of Object.values(paths).flatMap(valuesOf)) {
    if (isSchema(operation)) reach(operation.requestBody, schemas, asked);
  }
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, asked.has(name) ? withNulls(schema) : schema]),
  );
}

/** Adds the names of the schemas that a part of the document leads to. */
function reach(part: unknown, schemas: Readonly<Record<string, unknown>>, names: Set<string>): void {
  if (isSchema(part) && typeof part.$ref === "string") {
    const name = part.$ref.split("/").at(-1) ?? "";
    if (!names.has(name)) {
      names.add(name);
      reach(schemas[name], schemas, names);
    }
  }
  for (const value of valuesOf(part)) reach(value, schemas, names);
}

function withNulls(schema: unknown): unknown {
  if (!isSchema(schema)) return schema;
  const { properties, items, additionalProperties, required } = schema;
  const needed = new Set<unknown>(Array.isArray(required) ? required : []);
  const fields = Object.entries(isSchema(properties) ? properties : {}).map(([name, field]) => {
    const inner = withNulls(field);
    return [name, needed.has(name) || !isSchema(inner) || "default" in inner ? inner : orNull(inner)];
  });
  const not = notTogether(exclusionsOf(schema).map(bothThere));
  return {
    ...schema,
    ...(not !== undefined && { not }),
    ...(items !== undefined && { items: withNulls(items) }),
    ...(additionalProperties !== undefined && { additionalProperties: withNulls(additionalProperties) }),
    ...(properties !== undefined && { properties: Object.fromEntries(fields) }),
  };
}

/** Null counts as left out. */
function bothThere(fields: readonly string[]): Schema {
  const there = { not: { type: "null" } };
  return { required: fields, properties: Object.fromEntries(fields.map((field) => [field, there])) };
}

function orNull({ description, ...schema }: Schema): Schema {
  const told = description === undefined ? {} : { description };
  if (schema.$ref !== undefined) return { anyOf: [schema, { type: "null" }], ...told };
  return {
    ...schema,
    ...(schema.type !== undefined && { type: [schema.type, "null"] }),
    ...(Array.isArray(schema.enum) && { enum: [...schema.enum, null] }),
    ...told,
  };
}

function valuesOf(value: unknown): unknown[] {
  return typeof value === "object" && value !== null ? Object.values(value) : [];
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
