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

/**
 * The TypeScript text of a value: on one line where that fits, else an entry a line.
 * `before` and `after` are what stands on its first and last line beside it, indentation included.
 */
export function printLiteral(value: Literal, before: string, after: string): string[] {
  const line = before + inline(value) + after;
  const entries = entriesOf(value);
  if (line.length <= LINE_WIDTH || entries.length === 0) return [line];
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const indent = /^\s*/.exec(before)?.[0] ?? "";
  const inner = entries.flatMap(([prefix, entry]) => printLiteral(entry, `${indent}  ${prefix}`, ","));
  return [before + open, ...inner, indent + close + after];
}

/** A property name in generated code: quoted only where it must be. */
export function propertyName(name: string): string {
  return IDENTIFIER.test(name) ? name : JSON.stringify(name);
}

function inline(value: Literal): string {
  if (value instanceof Code) return value.text;
  const entries = entriesOf(value).map(([prefix, entry]) => prefix + inline(entry));
  if (Array.isArray(value)) return `[${entries.join(", ")}]`;
  if (typeof value === "object") return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
  return JSON.stringify(value);
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
