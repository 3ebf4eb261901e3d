import type { ApiType, StructRef, TypeRef } from "./schema.ts";

/** The struct that a type names, innermost; undefined where it names none. */
export function structOf(ref: TypeRef): StructRef | undefined {
  if (ref.kind === "array") return structOf(ref.element);
  if (ref.kind === "map") return structOf(ref.value);
  return ref.kind === "struct" ? ref : undefined;
}

/** The names of all types that these lead to, themselves included. */
export function reachedFrom(names: Iterable<string>, types: readonly ApiType[]): ReadonlySet<string> {
  const byName = new Map(types.map((type) => [type.name, type]));
  const reached = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    for (const { type } of byName.get(name)?.fields ?? []) {
      const struct = structOf(type);
      if (struct !== undefined) open.push(struct.name);
    }
  }
  return reached;
}
