import { isBlock, type KeySchema } from "./key-schema.ts";

/**
 * go-zero's `inherit`: a block that a file repeats further in, such as a neighbour's Etcd, takes the keys
 * that it lacks from the block of that name at the top. The name it is registered under (Key, ID) is each
 * block's own.
 */
export function inherit(values: unknown, schema: KeySchema): unknown {
  if (!isBlock(values)) return values;
  return Object.fromEntries(
    Object.entries(values).map(([key, block]) => [
      key,
      isBlock(block) ? withInherited(block, schema.properties?.[key], values) : block,
    ]),
  );
}

function withInherited(
  block: Record<string, unknown>,
  schema: KeySchema | undefined,
  top: Record<string, unknown>,
): Record<string, unknown> {
  const result = { ...block };
  for (const [key, { inherits = [] }] of Object.entries(schema?.properties ?? {})) {
    const [own, source] = [block[key], top[key]];
    if (!isBlock(own) || !isBlock(source)) continue;
    const inherited = Object.entries(source).filter(([name]) => inherits.includes(name));
    result[key] = { ...Object.fromEntries(inherited), ...own };
  }
  return result;
}
