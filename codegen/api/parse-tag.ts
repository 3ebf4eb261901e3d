import type { Position } from "../emit/index.ts";
import type { Lexer, Token } from "./lexer.ts";
import { parseRules, splitOptions } from "./parse-options.ts";
import { type ApiInput, type FieldRules, NO_RULES, type TypeRef } from "./schema.ts";
import { shifted, type TagPart } from "./tag-part.ts";
import { fieldPattern } from "./text-rules.ts";
import { validateRules } from "./validate-rules.ts";

/** What the tag of a field says. */
export interface FieldTag {
  /** Empty where it names none: then the field's own counts. */
  readonly jsonName: string;
  readonly rules: FieldRules;
  readonly inputs: readonly ApiInput[];
  readonly outsideBody: boolean;
}

export const UNTAGGED: FieldTag = { jsonName: "", rules: NO_RULES, inputs: [], outsideBody: false };

const ENTRY = /\s*([^\s:"]+):"((?:[^"\\]|\\.)*)"/y;
// A name that can be a property of any object and stand unescaped in a path or message.
const JSON_NAME = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u;
const INPUT_NAME = /^[\p{L}\p{N}_$][\p{L}\p{N}_$.[\]-]*$/u;
/** What nearly all of both are; the others take long to compile. */
const PLAIN_NAME = /^[A-Za-z_$][\w$-]*$/;
/** In the order in which go-zero reads a request. */
const SOURCES = ["path", "form", "header", "json"] as const;

type Source = (typeof SOURCES)[number];

/**
 * Reads ``json:"name,option,…"`` and the tags `path`, `form` and `header`, with go-zero's options; `validate` as far as a
 * schema can say it. Other tags mean nothing here.
 *
 * @returns undefined for `json:"-"`, a field that no request and no answer carries.
 */
export function parseTag(
  lexer: Lexer,
  token: Token,
  field: { name: string; type: TypeRef },
): FieldTag | undefined {
  const entries = tagEntries(lexer, token);
  const sources = SOURCES.flatMap((source) => {
    const entry = onlyEntry(lexer, entries, source);
    return entry === undefined || (source === "json" && /^-(,|$)/.test(entry.value))
      ? []
      : [readSource(lexer, entry, source, field)];
  });
  const hidden = entries.some(({ key, value }) => key === "json" && /^-(,|$)/.test(value));
  if (hidden && sources.length === 0) return undefined;
  const inputs = sources.flatMap(({ from, name }) => (from === "json" ? [] : [{ from, name }]));
  const json = sources.find(({ from }) => from === "json");
  return {
    jsonName: json?.name ?? propertyOf(inputs[0]?.name ?? ""),
    rules: { ...joinRules(sources), ...textTags(lexer, entries, field) },
    inputs,
    outsideBody: json === undefined && inputs.length > 0,
  };
}

interface SourceTag {
  readonly from: Source;
  readonly name: string;
  readonly rules: FieldRules;
}

function readSource(
  lexer: Lexer,
  entry: TagEntry,
  from: Source,
  field: { name: string; type: TypeRef },
): SourceTag {
  const [part, ...options] = splitOptions(entry.value, entry.valueAt);
  const text = part?.text ?? "";
  const rules = parseRules(lexer, options, field.type);
  if (from === "json") return { from, name: parseJsonName(lexer, part), rules };
  if (text !== "" && !isName(text, INPUT_NAME))
    throw lexer.error(
      part?.at ?? entry.valueAt,
      `the name "${text}"`,
      `a ${from} name of letters, digits, _, . and -`,
    );
  return { from, name: text === "" ? field.name : text, rules };
}

function isName(text: string, pattern: RegExp): boolean {
  return text !== "__proto__" && (PLAIN_NAME.test(text) || pattern.test(text));
}

/** `user-id`, `X-Token`, `ids[]` stay readable as properties; only what no name may hold goes. */
function propertyOf(name: string): string {
  return name.replace(/\[\]$/, "").replace(/[.[\]]+/g, "_");
}

/** One field has one set of rules: it may be left out where any of its tags says so, and the last tag read goes first. */
function joinRules(sources: readonly SourceTag[]): FieldRules {
  let joined = NO_RULES;
  for (const { rules } of sources) {
    joined = {
      ...joined,
      ...rules,
      optional: joined.optional || rules.optional,
      default: rules.default ?? joined.default,
      options: rules.options ?? joined.options,
      range: rules.range ?? joined.range,
    };
  }
  return joined;
}

function textTags(
  lexer: Lexer,
  entries: readonly TagEntry[],
  { type }: { type: TypeRef },
): Partial<FieldRules> {
  const match = onlyEntry(lexer, entries, "pattern");
  const validate = entries.find(({ key }) => key === "validate");
  return {
    ...(validate && validateRules(validate.value, type)),
    ...(match && { pattern: fieldPattern({ lexer, type }, { text: match.value, at: match.valueAt }) }),
  };
}

function onlyEntry(lexer: Lexer, entries: readonly TagEntry[], key: string): TagEntry | undefined {
  const [entry, second] = entries.filter((each) => each.key === key);
  if (second !== undefined) lexer.warn(second.at, `a second ${key} tag`, `one ${key} tag`);
  return entry;
}

interface TagEntry {
  readonly key: string;
  readonly value: string;
  readonly at: Position;
  readonly valueAt: Position;
}

/** As Go reads them: up to the first that is none. */
function tagEntries(lexer: Lexer, token: Token): TagEntry[] {
  const entries: TagEntry[] = [];
  let offset = 0;
  while (token.value.slice(offset).trim() !== "") {
    ENTRY.lastIndex = offset;
    const match = ENTRY.exec(token.value);
    const [whole, key, value] = match ?? [];
    if (whole === undefined || key === undefined || value === undefined) {
      const rest = token.value.slice(offset).trim();
      lexer.warn(
        shifted(token.at, 1 + token.value.indexOf(rest, offset)),
        `\`${rest}\``,
        'a tag of the form json:"name,option"',
      );
      return entries;
    }
    const blanks = whole.length - whole.trimStart().length;
    const at = shifted(token.at, 1 + offset + blanks);
    entries.push({ key, value, at, valueAt: shifted(at, key.length + 2) });
    offset += whole.length;
  }
  return entries;
}

function parseJsonName(lexer: Lexer, part: TagPart | undefined): string {
  if (part === undefined || part.text === "") return "";
  if (!isName(part.text, JSON_NAME)) {
    throw lexer.error(part.at, `the name "${part.text}"`, "a JSON name of letters, digits, _ and -");
  }
  return part.text;
}
