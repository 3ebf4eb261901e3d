/** A part of a JSON Schema, as far as tests read it. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  /** Fields that must not come together. */
  readonly not?: { readonly required?: readonly string[] };
}

/** One operation of a running mall. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  /** The service it belongs to. */
  readonly tag: string;
  readonly needsToken: boolean;
  /** Whether it takes an `Idempotency-Key`. */
  readonly takesKey: boolean;
  /** Of the request's body, and of those that must not come together one alone; empty where there is none. */
  readonly properties: Readonly<Record<string, Schema>>;
}

const KEY_PARAMETER = "#/components/parameters/IdempotencyKey";

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface OperationObject {
  readonly tags: readonly string[];
  readonly security?: readonly unknown[];
  readonly parameters?: readonly { readonly $ref?: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { schema: { $ref: string } }>> };
}

/** Every operation that a mall says it has: a new route is found without being named here. */
export async function readOperations(url: string): Promise<Operation[]> {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as Document;
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      tag: operation.tags[0] ?? "",
      takesKey: (operation.parameters ?? []).some(({ $ref }) => $ref === KEY_PARAMETER),
      needsToken: (operation.security ?? []).length > 0,
      properties: propertiesOf(bodyOf(document, operation)),
    })),
  );
}

function propertiesOf({ properties = {}, not }: Schema): Readonly<Record<string, Schema>> {
  const [, ...others] = not?.required ?? [];
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !others.includes(name)));
}

function bodyOf(document: Document, { requestBody }: OperationObject): Schema {
  const reference = requestBody?.content["application/json"]?.schema.$ref ?? "";
  return document.components.schemas[reference.slice("#/components/schemas/".length)] ?? {};
}
