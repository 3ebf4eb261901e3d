interface KeySchema {
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, KeySchema>>;
  readonly items?: KeySchema;
  readonly required?: readonly string[];
  /** What kit/config notes about the key. */
  readonly state?: "refused" | "idle";
  readonly why?: string;
  readonly secret?: true;
}

/** A configuration's schema that can tell what it accepts, as zod's can. */
export interface ConfigSchema {
  toJSONSchema(options: { io: "input"; unrepresentable: "any" }): object;
}

/** What docs/configuration.md must say of a key. */
export interface ToldKey {
  /** `required`, `refused`, `none`, `empty` or the value; then what else marks the key. */
  readonly value: string;
  /** The whole meaning of a key that is refused or changes nothing. */
  readonly meaning: string | undefined;
}

/** Blocks that have a table of their own. */
const TOLD_APART = new Set(["Etcd", "Redis", "CacheRedis", "Dtm", "<Neighbour>Rpc"]);

/**
 * Every key that configurations of these schemas may have, as `Auth.AccessSecret`. A neighbour's block goes
 * by one name, `<Neighbour>Rpc`.
 */
export function configKeys(schemas: readonly ConfigSchema[]): Map<string, ToldKey> {
  const keys = new Map<string, ToldKey>();
  for (const schema of schemas) {
    const data = schema.toJSONSchema({ io: "input", unrepresentable: "any" }) as KeySchema;
    collect(data.items ?? data, "", keys);
  }
  return keys;
}

function collect(schema: KeySchema, prefix: string, keys: Map<string, ToldKey>): void {
  for (const [key, inner] of Object.entries(schema.properties ?? {})) {
    const name = key.replace(/^[A-Z][a-z]+Rpc$/, "<Neighbour>Rpc");
    const path = prefix + name;
    const isApart = TOLD_APART.has(name);
    if (!isApart && inner.properties !== undefined) collect(inner, `${path}.`, keys);
    else if (!isApart && inner.items?.properties !== undefined) collect(inner.items, `${path}[].`, keys);
    // What one of the processes reads is told, also where it changes nothing in the others.
    else if (inner.state !== "idle" || !keys.has(path))
      keys.set(path, told(inner, schema.required?.includes(key) === true));
  }
}

function told(key: KeySchema, isRequired: boolean): ToldKey {
  if (key.state === "refused") return { value: "refused", meaning: key.why };
  const marks = [defaultText(key, isRequired)];
  if (key.state === "idle") marks.push("no effect");
  else if (key.secret === true) marks.push("secret");
  return { value: marks.join(", "), meaning: key.why };
}

function defaultText(key: KeySchema, isRequired: boolean): string {
  const value = key.default;
  if (value === undefined) return isRequired ? "required" : "none";
  if (value === "" || JSON.stringify(value) === "[]" || JSON.stringify(value) === "{}") return "empty";
  return `\`${String(value)}\``;
}
