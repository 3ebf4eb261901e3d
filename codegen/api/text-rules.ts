import type { Lexer } from "./lexer.ts";
import type { LengthRange, TypeRef } from "./schema.ts";
import type { TagPart } from "./tag-part.ts";

interface TextContext {
  readonly lexer: Lexer;
  readonly type: TypeRef;
}

const LENGTH = /^\[(\d{0,9}):(\d{0,9})\]$/;

/** The value of `length=`: characters of a text, one side may be empty. */
export function fieldLength(
  { lexer, type }: TextContext,
  part: TagPart | undefined,
): LengthRange | undefined {
  if (part === undefined) return undefined;
  if (!isText(type)) throw lexer.error(part.at, "length=", "it only at strings");
  const [whole, low = "", high = ""] = LENGTH.exec(part.text) ?? [];
  const min = low === "" ? undefined : Number(low);
  const max = high === "" ? undefined : Number(high);
  if (
    whole === undefined ||
    (min === undefined && max === undefined) ||
    (min ?? 0) > (max ?? Number.POSITIVE_INFINITY)
  )
    throw lexer.error(part.at, `"${part.text}"`, "a length like [6:128], [1:] or [:255]");
  return { min, max };
}

/** The value of a tag `pattern:"…"`, a regular expression that both JSON Schema and JavaScript read alike. */
export function fieldPattern({ lexer, type }: TextContext, part: TagPart): string {
  if (!isText(type)) throw lexer.error(part.at, "a pattern", "it only at strings");
  try {
    new RegExp(part.text, "u");
  } catch {
    throw lexer.error(part.at, `"${part.text}"`, "a regular expression");
  }
  return part.text;
}

function isText(type: TypeRef): boolean {
  return type.kind === "scalar" && type.name === "string";
}
