interface KeySchema {
  readonly type?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, KeySchema>>;
  readonly required?: readonly string[];
}

/** A configuration's schema that can tell what it accepts, as zod's can. */
export interface ConfigSchema {
  toJSONSchema(options: { io: "input" }): object;
}

/**
 * Every key that configurations of these schemas may have, as `Auth.AccessSecret`, with its default in the
 * words of docs/configuration.md. A neighbour's block goes by one name, `<Neighbour>Rpc`.
 */
export function configKeys(schemas: readonly ConfigSchema[]): Map<string, string> {
  const keys = new Map<string, string>();
  for (const schema of schemas) collect(schema.toJSONSchema({ io: "input" }) as KeySchema, "", keys);
  return keys;
}

function collect(schema: KeySchema, prefix: string, keys: Map<string, string>): void {
  for (const [name, key] of Object.entries(schema.properties ?? {})) {
    const path = prefix + name.replace(/^[A-Z][a-z]+Rpc$/, "<Neighbour>Rpc");
    if (key.properties !== undefined) collect(key, `${path}.`, keys);
    else keys.set(path, defaultText(key, schema.required?.includes(name) === true));
  }
}

function defaultText(key: KeySchema, required: boolean): string {
  if (key.default === undefined) return required ? "required" : "none";
  if (key.default === "" || (Array.isArray(key.default) && key.default.length === 0)) return "empty";
  return `\`${String(key.default)}\``;
}
