import type { Position } from "../emit/index.ts";
import { fieldDefault, fieldOptions, fieldRange } from "./field-rules.ts";
import type { Lexer } from "./lexer.ts";
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
    const [name = ""] = part.text.split("=", 1);
    if (given.has(name)) throw lexer.error(part.at, `a second option "${name}"`, "each option once");
    checkOption(lexer, name, part);
    given.set(name, part);
  }
  const value = { lexer, type };
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
    ...(given.has("string") && quotedRule(lexer, given, type)),
  };
}

/** A number in quotes stays text, so that one beyond 2^53 arrives as it was sent. Of lists and the like it says nothing. */
function quotedRule(lexer: Lexer, given: ReadonlyMap<string, TagPart>, type: TypeRef): { quoted?: true } {
  if (type.kind !== "scalar" || type.name === "string") return {};
  for (const name of ["range", "options", "default"]) {
    const other = given.get(name);
    if (other !== undefined)
      throw lexer.error(
        other.at,
        `"${name}" beside "string"`,
        "one of the two: a number in quotes is text here",
      );
  }
  return { quoted: true };
}

function checkOption(lexer: Lexer, name: string, part: TagPart): void {
  const bare = name === part.text;
  if (["optional", "omitempty", "string", "inline"].includes(name) && bare) return;
  if (["default", "options", "range", "length", "excludes"].includes(name) && !bare) return;
  if (name === "optional") {
    throw lexer.error(
      part.at,
      `"${part.text}"`,
      "plain optional: fields that depend on others are not supported yet",
    );
  }
  throw lexer.error(
    part.at,
    `the option "${part.text}"`,
    "optional, omitempty, string, default=, options=, range=, length= or excludes=",
  );
}

function valuePart(part: TagPart | undefined): TagPart | undefined {
  if (part === undefined) return undefined;
  const start = part.text.indexOf("=") + 1;
  return { text: part.text.slice(start), at: shifted(part.at, start) };
}
