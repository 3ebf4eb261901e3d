import { isSchema } from "./field-path.ts";
import { allowNulls } from "./nullable.ts";

/** What one `.api` file adds to the document of a process; generated. */
export interface OpenApiPart {
  /** The service's name; its operations are grouped under it. */
  readonly tag: string;
  readonly paths: Readonly<Record<string, unknown>>;
  /** By name `<tag>.<Type>`. */
  readonly schemas: Readonly<Record<string, unknown>>;
}

/** The head of the document. */
export interface OpenApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description?: string;
}

const ERROR_SCHEMA = {
  type: "object",
  required: ["code", "msg", "reason"],
  properties: {
    code: { type: "integer", description: "gRPC status number" },
    msg: { type: "string", description: "For people" },
    reason: { type: "string", description: "For programs: stable, UPPER_SNAKE" },
    field: { type: "string", description: "The request field that broke a rule" },
  },
} as const;

const ERROR_CONTENT = { "application/json": { schema: { $ref: "#/components/schemas/Error" } } } as const;

const KEY_PARAMETER = {
  name: "Idempotency-Key",
  in: "header",
  description:
    "A name of your choice for this request, e.g. a UUID. Sent again with the same key, it has no second effect and " +
    "gets the same answer, for at least 24 hours. 422 if the key was used for another request, 409 with Retry-After " +
    "while the first one is still at work.",
  schema: { type: "string", minLength: 1, maxLength: 255, pattern: "^[ -~]*$" },
} as const;

/**
 * Joins the parts of a process's services to one OpenAPI 3.1 document.
 *
 * @throws Error when two services claim the same path or schema.
 */
export function joinOpenApi(info: OpenApiInfo, parts: readonly OpenApiPart[]): object {
  const paths = merge(parts.map((part) => part.paths));
  const schemas = merge([{ Error: ERROR_SCHEMA }, ...parts.map((part) => part.schemas)]);
  return {
    openapi: "3.1.0",
    info,
    servers: [{ url: "/" }],
    tags: parts.map((part) => ({ name: part.tag })),
    paths,
    components: {
      schemas: allowNulls(paths, schemas),
      parameters: { IdempotencyKey: KEY_PARAMETER },
      responses: {
        Error: {
          description: "What went wrong",
          content: ERROR_CONTENT,
        },
        KeyReused: {
          description: "The Idempotency-Key was used for another request",
          content: ERROR_CONTENT,
        },
      },
      securitySchemes: { bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
    },
  };
}

/**
 * The part with the values that a process takes for a property, where only its configuration knows them.
 *
 * @throws Error where the part has no such property.
 */
export function allowOnly(
  part: OpenApiPart,
  { schema: name, property, values }: { schema: string; property: string; values: readonly string[] },
): OpenApiPart {
  const schema = part.schemas[name];
  const properties = isSchema(schema) ? schema.properties : undefined;
  const narrowed = isSchema(properties) ? properties[property] : undefined;
  if (!isSchema(schema) || !isSchema(properties) || !isSchema(narrowed))
    throw new Error(`${part.tag} has no ${name}.${property}`);
  const changed = { ...schema, properties: { ...properties, [property]: { ...narrowed, enum: values } } };
  return { ...part, schemas: { ...part.schemas, [name]: changed } };
}

function merge(records: readonly Readonly<Record<string, unknown>>[]): Record<string, unknown> {
  const merged = new Map<string, unknown>();
  for (const [key, value] of records.flatMap((record) => Object.entries(record))) {
    if (merged.has(key)) throw new Error(`two services define ${key}`);
    merged.set(key, value);
  }
  return Object.fromEntries(merged);
}
