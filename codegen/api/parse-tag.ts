import type { Position } from "../emit/index.ts";
import { fieldDefault, fieldOptions, fieldRange } from "./field-rules.ts";
import type { Lexer, Token } from "./lexer.ts";
import { type FieldRules, NO_RULES, type TypeRef } from "./schema.ts";
import { shifted, type TagPart } from "./tag-part.ts";
import { fieldLength, fieldPattern } from "./text-rules.ts";

/** What the tag of a field says. */
export interface FieldTag {
  readonly jsonName: string;
  readonly rules: FieldRules;
}

const ENTRY = /\s*([^\s:"]+):"([^"]*)"/y;
// A name that can be a property of any object and stand unescaped in a path or message.
const JSON_NAME = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u;
const NOT_YET: ReadonlyMap<string, string> = new Map([
  ["path", "path parameters are not supported yet"],
  ["form", "form fields are not supported yet"],
  ["header", "header fields are not supported yet"],
]);

/** Reads ``json:"name,option,…"``; go-zero's options, as far as they concern a JSON body. */
export function parseTag(lexer: Lexer, token: Token, field: { name: string; type: TypeRef }): FieldTag {
  const entries = tagEntries(lexer, token);
  for (const { key, at } of entries) {
    if (key === "json" || key === "pattern") continue;
    const reason = NOT_YET.get(key);
    throw lexer.error(at, `the tag "${key}"`, reason === undefined ? "only json tags" : `json: ${reason}`);
  }
  const entry = onlyEntry(lexer, entries, "json");
  const match = onlyEntry(lexer, entries, "pattern");
  const value = { lexer, type: field.type };
  const pattern = match && { pattern: fieldPattern(value, { text: match.value, at: match.valueAt }) };
  if (entry === undefined) return { jsonName: field.name, rules: { ...NO_RULES, ...pattern } };
  const [name, ...options] = splitOptions(entry.value, entry.valueAt);
  const jsonName = parseJsonName(lexer, name, field.name);
  return { jsonName, rules: { ...parseRules(lexer, options, field.type), ...pattern } };
}

function onlyEntry(lexer: Lexer, entries: readonly TagEntry[], key: string): TagEntry | undefined {
  const [entry, second] = entries.filter((each) => each.key === key);
  if (second !== undefined) throw lexer.error(second.at, `a second ${key} tag`, `one ${key} tag`);
  return entry;
}

interface TagEntry {
  readonly key: string;
  readonly value: string;
  readonly at: Position;
  readonly valueAt: Position;
}

function tagEntries(lexer: Lexer, token: Token): TagEntry[] {
  const entries: TagEntry[] = [];
  let offset = 0;
  while (token.value.slice(offset).trim() !== "") {
    ENTRY.lastIndex = offset;
    const match = ENTRY.exec(token.value);
    const [whole, key, value] = match ?? [];
    if (whole === undefined || key === undefined || value === undefined) {
      const rest = token.value.slice(offset).trim();
      throw lexer.error(shifted(token.at, 1 + offset), `\`${rest}\``, 'a tag of the form json:"name,option"');
    }
    const blanks = whole.length - whole.trimStart().length;
    const at = shifted(token.at, 1 + offset + blanks);
    entries.push({ key, value, at, valueAt: shifted(at, key.length + 2) });
    offset += whole.length;
  }
  return entries;
}

/** Splits at commas, except those between the brackets of `options=[a,b]`. */
function splitOptions(value: string, at: Position): TagPart[] {
  const parts: TagPart[] = [];
  let start = 0;
  for (let offset = 0; offset <= value.length; offset += 1) {
    const open = /^\s*options=\[[^\]]*$/.test(value.slice(start, offset));
    if (offset < value.length && (value[offset] !== "," || open)) continue;
    const raw = value.slice(start, offset);
    const blanks = raw.length - raw.trimStart().length;
    parts.push({ text: raw.trim(), at: shifted(at, start + blanks) });
    start = offset + 1;
  }
  return parts;
}

function parseJsonName(lexer: Lexer, part: TagPart | undefined, fieldName: string): string {
  if (part === undefined || part.text === "") return fieldName;
  if (!JSON_NAME.test(part.text) || part.text === "__proto__") {
    throw lexer.error(part.at, `the name "${part.text}"`, "a JSON name of letters, digits, _ and -");
  }
  return part.text;
}

function parseRules(lexer: Lexer, parts: readonly TagPart[], type: TypeRef): FieldRules {
  const given = new Map<string, TagPart>();
  for (const part of parts) {
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
  };
}

function checkOption(lexer: Lexer, name: string, part: TagPart): void {
  const bare = name === part.text;
  if ((name === "optional" || name === "omitempty") && bare) return;
  if (["default", "options", "range", "length", "excludes"].includes(name) && !bare) return;
  if (name === "optional") {
    throw lexer.error(
      part.at,
      `"${part.text}"`,
      "plain optional: fields that depend on others are not supported yet",
    );
  }
  if (name === "string") {
    throw lexer.error(
      part.at,
      'the option "string"',
      "none: numbers inside JSON strings are not supported yet",
    );
  }
  throw lexer.error(
    part.at,
    `the option "${part.text}"`,
    "optional, omitempty, default=, options=, range=, length= or excludes=",
  );
}

function valuePart(part: TagPart | undefined): TagPart | undefined {
  if (part === undefined) return undefined;
  const start = part.text.indexOf("=") + 1;
  return { text: part.text.slice(start), at: shifted(part.at, start) };
}
