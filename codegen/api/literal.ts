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
  const indent = /^\s*/.exec(before)?.[0] ?? "";
  print(layOut(value), { before, after, indent, lines });
  return lines;
}

/** A property name in generated code: quoted only where it must be. */
export function propertyName(name: string): string {
  return PLAIN_IDENTIFIER.test(name) || IDENTIFIER.test(name) ? name : JSON.stringify(name);
}

/** The two ways in which a value may stand: on one line, undefined where it is too long for any, and an entry a line. */
interface Layout {
  readonly inline: string | undefined;
  /** Undefined for a scalar, and where there are none. */
  readonly entries?: Entries;
}

interface Entries {
  readonly brackets: readonly [open: string, close: string];
  /** Each with what stands before it. */
  readonly all: readonly (readonly [prefix: string, entry: Layout])[];
}

function layOut(value: Literal): Layout {
  if (typeof value !== "object") return { inline: JSON.stringify(value) };
  if (value instanceof Code) return { inline: value.text };
  const entries = entriesOf(value);
  return entries.all.length === 0
    ? { inline: entries.brackets.join("") }
    : { inline: inlined(entries), entries };
}

function entriesOf(value: Exclude<Literal, string | number | boolean | Code>): Entries {
  if (isList(value)) return { brackets: ["[", "]"], all: value.map((entry) => ["", layOut(entry)]) };
  const all = Object.entries(value).map(([key, entry]) => [`${propertyName(key)}: `, layOut(entry)] as const);
  return { brackets: ["{", "}"], all };
}

function inlined({ brackets: [open, close], all }: Entries): string | undefined {
  const blank = open === "{" ? " " : "";
  let text = open + blank;
  for (const [index, [prefix, { inline }]] of all.entries()) {
    if (inline === undefined || text.length > LINE_WIDTH) return undefined;
    text += (index === 0 ? "" : ", ") + prefix + inline;
  }
  return text + blank + close;
}

/** Where a value stands: between what, how far in, and in what file. */
interface Place {
  readonly before: string;
  readonly after: string;
  readonly indent: string;
  readonly lines: string[];
}

function print({ inline, entries }: Layout, { before, after, indent, lines }: Place): void {
  const width = before.length + (inline?.length ?? Number.POSITIVE_INFINITY) + after.length;
  if (entries === undefined || width <= LINE_WIDTH) {
    lines.push(before + inline + after);
    return;
  }
  const [open, close] = entries.brackets;
  const inner = `${indent}  `;
  lines.push(before + open);
  for (const [prefix, entry] of entries.all)
    print(entry, { before: inner + prefix, after: ",", indent: inner, lines });
  lines.push(indent + close + after);
}

function isList(value: Literal): value is readonly Literal[] {
  return Array.isArray(value);
}
