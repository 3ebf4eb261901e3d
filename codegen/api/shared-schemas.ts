import { type SchemaLiteral, type StructSchema, typeSchema } from "./json-schema.ts";
import { Code } from "./literal.ts";
import type { ApiType } from "./schema.ts";
import { structOf } from "./type-refs.ts";

/** A schema of more fields than this is written once, however many types hold it. */
const INLINE_MAX = 100;
/** The name of the constant that holds the shared schemas. */
export const DEFINITIONS = "definitions";

/** The schemas of a contract as its generated file holds them. */
export interface SchemaSet {
  /** Of a type by itself: what it holds written out in full, but for what is shared. */
  readonly schemaOf: StructSchema;
  /** Shared schemas by the name of their type: those that hold themselves, and large ones. */
  readonly shared: ReadonlyMap<string, SchemaLiteral>;
  /** Whether the schema of a type refers to shared ones. */
  refers(name: string): boolean;
}

/** Writes out schemas so that a validator needs nothing else, and that their text grows no faster than the contract. */
export function schemaSet(types: readonly ApiType[]): SchemaSet {
  const byName = new Map(types.map((type) => [type.name, type]));
  const sharedNames = namesToShare(types, byName);
  const inner: StructSchema = (name) => {
    const type = byName.get(name);
    if (type === undefined) return {};
    return sharedNames.has(name) ? { $ref: `#/$defs/${name}` } : typeSchema(type, inner);
  };
  const referring = leadingTo(sharedNames, types);
  const schemaOf: StructSchema = (name) => {
    const type = byName.get(name);
    if (type === undefined) return {};
    const schema = typeSchema(type, inner);
    return referring.has(name) ? { ...schema, $defs: new Code(DEFINITIONS) } : schema;
  };
  const shared = [...sharedNames].flatMap((name) => {
    const type = byName.get(name);
    return type === undefined ? [] : [[name, typeSchema(type, inner)] as const];
  });
  return { schemaOf, shared: new Map(shared), refers: (name) => referring.has(name) };
}

/** The names of all types that lead to one of these. */
function leadingTo(targets: ReadonlySet<string>, types: readonly ApiType[]): ReadonlySet<string> {
  const holders = new Map<string, string[]>();
  for (const { name, fields } of targets.size === 0 ? [] : types) {
    for (const { type } of fields) {
      const struct = structOf(type);
      if (struct !== undefined) holders.set(struct.name, [...(holders.get(struct.name) ?? []), name]);
    }
  }
  // A shared type that holds no shared one refers to nothing by itself.
  const leading = new Set<string>();
  const open = [...targets].flatMap((name) => holders.get(name) ?? []);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (leading.has(name)) continue;
    leading.add(name);
    open.push(...(holders.get(name) ?? []));
  }
  return leading;
}

/** Types inside themselves, and such as would be written out over and over. */
function namesToShare(types: readonly ApiType[], byName: ReadonlyMap<string, ApiType>): Set<string> {
  const shared = new Set<string>();
  const sizes = new Map<string, number>();
  const open = new Set<string>();
  const sizeOf = (name: string): number => {
    const known = sizes.get(name);
    if (known !== undefined) return shared.has(name) ? 1 : known;
    if (open.has(name)) {
      shared.add(name);
      return 1;
    }
    open.add(name);
    let size = 1;
    for (const { type } of byName.get(name)?.fields ?? []) {
      const struct = structOf(type);
      size += struct === undefined ? 1 : sizeOf(struct.name);
    }
    open.delete(name);
    sizes.set(name, size);
    if (size > INLINE_MAX) shared.add(name);
    return shared.has(name) ? 1 : size;
  };
  for (const { name } of types) sizeOf(name);
  const held = new Set(types.flatMap(({ fields }) => fields.map(({ type }) => structOf(type)?.name)));
  return new Set([...shared].filter((name) => held.has(name)));
}
