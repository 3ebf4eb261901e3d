/** A value that generated code writes out. */
export type Literal =
  | string
  | number
  | boolean
  | Code
  | readonly Literal[]
  | { readonly [key: string]: Literal };

/** A name of the generated file where a value stands. */
export class Code {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** As in the project's formatter, so that generated files read like written ones. */
const LINE_WIDTH = 110;
const IDENTIFIER = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;
/** What nearly all of them are; the other takes long to compile. */
const PLAIN_IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/**
 * The TypeScript text of a value: on one line where that fits, else an entry a line.
 * `before` and `after` are what stands on its first and last line beside it, indentation included.
 */
export function printLiteral(value: Literal, before: string, after: string): string[] {
  const lines: string[] = [];
  print(value, before, after, lines);
  return lines;
}

function print(value: Literal, before: string, after: string, lines: string[]): void {
  const text = inline(value, LINE_WIDTH - before.length - after.length);
  if (text !== undefined) {
    lines.push(before + text + after);
    return;
  }
  const entries = entriesOf(value);
  if (entries.length === 0) {
    lines.push(before + inlineText(value) + after);
    return;
  }
  const [open, close] = isList(value) ? ["[", "]"] : ["{", "}"];
  const indent = /^\s*/.exec(before)?.[0] ?? "";
  lines.push(before + open);
  for (const [prefix, entry] of entries) print(entry, `${indent}  ${prefix}`, ",", lines);
  lines.push(indent + close + after);
}

/** A property name in generated code: quoted only where it must be. */
export function propertyName(name: string): string {
  return PLAIN_IDENTIFIER.test(name) || IDENTIFIER.test(name) ? name : JSON.stringify(name);
}

/** A value on one line; undefined, as soon as that is known, where it is longer than there is room. */
function inline(value: Literal, room: number): string | undefined {
  if (typeof value !== "object" || value instanceof Code) return within(inlineText(value), room);
  const list = isList(value);
  const entries = entriesOf(value);
  if (entries.length === 0) return within(inlineText(value), room);
  const [open, close] = list ? ["[", "]"] : ["{ ", " }"];
  let text = open;
  for (const [index, [prefix, entry]] of entries.entries()) {
    text += (index === 0 ? "" : ", ") + prefix;
    const inner = inline(entry, room - text.length - close.length);
    if (inner === undefined) return undefined;
    text += inner;
  }
  return within(text + close, room);
}

function within(text: string, room: number): string | undefined {
  return text.length <= room ? text : undefined;
}

/** A scalar, or what has no entries. */
function inlineText(value: Literal): string {
  if (value instanceof Code) return value.text;
  if (isList(value)) return "[]";
  return typeof value === "object" ? "{}" : JSON.stringify(value);
}

/** The parts of an object or array, each with what stands before its value; none for a scalar. */
function entriesOf(value: Literal): [prefix: string, entry: Literal][] {
  if (typeof value !== "object" || value instanceof Code) return [];
  if (isList(value)) return value.map((entry) => ["", entry]);
  return Object.entries(value).map(([key, entry]) => [`${propertyName(key)}: `, entry]);
}

function isList(value: Literal): value is readonly Literal[] {
  return Array.isArray(value);
}
