import type { z } from "zod";
import { isBlock, type KeySchema, keySchemaOf } from "./key-schema.ts";

/**
 * Those values of a configuration that another schema knows as well, as a file would hold them: what one process was
 * told, for a part of it that reads its own.
 */
export function asWritten(config: Readonly<Record<string, unknown>>, schema: z.ZodType): object {
  return writtenBlock(config, keySchemaOf(schema).properties ?? {});
}

function writtenBlock(block: Readonly<Record<string, unknown>>, properties: KeySchema["properties"]): object {
  const entries = Object.entries(properties ?? {}).flatMap(([key, schema]) =>
    block[key] === undefined ? [] : [[key, written(block[key], schema)]],
  );
  return Object.fromEntries(entries);
}

function written(value: unknown, schema: KeySchema): unknown {
  // Milliseconds once read; a bare number in a file would count nanoseconds.
  if (schema.duration === true) return `${String(value)}ms`;
  const { items, properties } = schema;
  if (Array.isArray(value)) return items === undefined ? value : value.map((each) => written(each, items));
  return isBlock(value) && properties !== undefined ? writtenBlock(value, properties) : value;
}
