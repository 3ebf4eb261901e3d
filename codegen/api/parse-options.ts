import type { Position } from "../emit/index.ts";
import { fieldDefault, fieldOptions, fieldRange } from "./field-rules.ts";
import type { Lexer } from "./lexer.ts";
import { isFloat } from "./number-type.ts";
import type { FieldRules, TypeRef } from "./schema.ts";
import { shifted, type TagPart } from "./tag-part.ts";
import { fieldLength } from "./text-rules.ts";

const OPEN_LIST = /^\s*(?:options|range|default)=[[(][^\])]*$/;

/** Splits at commas, except those between the brackets of `options=[a,b]`. */
export function splitOptions(value: string, at: Position): TagPart[] {
  const parts: TagPart[] = [];
  let start = 0;
  for (let offset = 0; offset <= value.length; offset += 1) {
    if (offset < value.length && value[offset] !== ",") continue;
    const raw = value.slice(start, offset);
    if (offset < value.length && OPEN_LIST.test(raw)) continue;
    const blanks = raw.length - raw.trimStart().length;
    parts.push({ text: raw.trim(), at: shifted(at, start + blanks) });
    start = offset + 1;
  }
  return parts;
}

/** What the options behind the name of a tag demand. */
export function parseRules(lexer: Lexer, parts: readonly TagPart[], type: TypeRef): FieldRules {
  const given = new Map<string, TagPart>();
  for (const part of parts) {
    if (part.text === "") continue;
    const name = (part.text.split("=", 1)[0] ?? "").trim();
    if (!isOption(lexer, name, part)) continue;
    if (given.has(name)) lexer.warn(part.at, `a second option "${name}"`, "each option once");
    given.set(name, part);
  }
  const value = { lexer, type };
  const quoted = given.has("string") ? quotedRule(lexer, given, type) : {};
  if (quoted.quoted) given.delete("range");
  const range = fieldRange(value, valuePart(given.get("range")));
  const options = fieldOptions(value, valuePart(given.get("options")), range);
  const length = fieldLength(value, valuePart(given.get("length")));
  const excludes = valuePart(given.get("excludes"));
  return {
    optional: given.has("optional") || given.has("omitempty"),
    default: fieldDefault(value, valuePart(given.get("default")), { range, options }),
    options,
    range,
    ...(length !== undefined && { length }),
    ...(excludes !== undefined && { excludes: excludes.text }),
    ...quoted,
  };
}

/** A range that a pattern of the text can say: an integer from 0, or from 1 on. */
const TEXT_RANGE = /^\[\s*([01])\s*:\s*[\])]$|^\(\s*(0)\s*:\s*[\])]$/;

/** A number in quotes stays text, so that one beyond 2^53 arrives as it was sent. Of lists and the like it says nothing. */
function quotedRule(
  lexer: Lexer,
  given: ReadonlyMap<string, TagPart>,
  type: TypeRef,
): Pick<FieldRules, "quoted" | "pattern"> {
  if (type.kind !== "scalar" || type.name === "string") return {};
  for (const name of ["options", "default"]) {
    const other = given.get(name);
    if (other !== undefined)
      throw lexer.error(
        other.at,
        `"${name}" beside "string"`,
        "one of the two: a number in quotes is text here",
      );
  }
  const range = valuePart(given.get("range"));
  if (range === undefined) return { quoted: true };
  const [whole, from] = TEXT_RANGE.exec(range.text) ?? [];
  if (whole === undefined || type.name === "bool" || isFloat(type.name))
    throw lexer.error(
      range.at,
      `the range "${range.text}" beside "string"`,
      "[0:] or [1:] of an integer: a number in quotes is text here",
    );
  return { quoted: true, pattern: from === "0" ? "^(?:0|[1-9]\\d*)$" : "^[1-9]\\d*$" };
}

function isOption(lexer: Lexer, name: string, part: TagPart): boolean {
  const bare = name === part.text;
  if (["optional", "omitempty", "string", "inline"].includes(name) && bare) return true;
  if (["default", "options", "range", "length", "excludes"].includes(name) && !bare) return true;
  if (name === "optional") {
    throw lexer.error(
      part.at,
      `"${part.text}"`,
      "plain optional: fields that depend on others are not supported yet",
    );
  }
  lexer.warn(
    part.at,
    `the option "${part.text}"`,
    "optional, omitempty, string, default=, options=, range=, length= or excludes=",
  );
  return false;
}

function valuePart(part: TagPart | undefined): TagPart | undefined {
  if (part === undefined) return undefined;
  const written = part.text.slice(part.text.indexOf("=") + 1);
  const text = written.trimStart();
  return { text, at: shifted(part.at, part.text.length - text.length) };
}
