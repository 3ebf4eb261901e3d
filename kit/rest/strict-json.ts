import { AppError, invalidArgument } from "@mall/kit/errors";
import { fieldPath, type PathPart, schemaAt } from "./field-path.ts";
import type { JsonSchema } from "./route.ts";

const DEPTH_MAX = 32;

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Reads JSON as JSON.parse does, but refuses what two readers could understand differently: a key given
 * twice, `__proto__`, nesting deeper than 32, and an integer field written as `1.0`, `1e3` or `-0`.
 *
 * @param schema tells which fields are integers.
 * @throws AppError INVALID_ARGUMENT, naming the field where there is one.
 */
export function parseStrictJson(text: string, schema: JsonSchema): unknown {
  const value = parse(text);
  new Scan(text, schema).value(0);
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw badJson(`the body is not valid JSON${placeOf(cause)}`, cause);
  }
}

/** The engine's message may quote the body, and the body may hold a password: only the place is taken over. */
function placeOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : "";
  if (message.includes("end of JSON")) return ": it ends too early";
  const position = /at position (\d+)/.exec(message)?.[1];
  return position === undefined ? "" : ` at position ${position}`;
}

function badJson(message: string, cause?: unknown): AppError {
  return new AppError("INVALID_ARGUMENT", "INVALID_JSON", message, { cause });
}

/** One pass over text that is known to be valid JSON. */
class Scan {
  readonly #text: string;
  readonly #schema: JsonSchema;
  readonly #path: PathPart[] = [];
  #at = 0;

  constructor(text: string, schema: JsonSchema) {
    this.#text = text;
    this.#schema = schema;
  }

  value(depth: number): void {
    const first = this.#peek();
    if (first === QUOTE) this.#skipString();
    else if (first === OPEN_OBJECT) this.#object(depth + 1);
    else if (first === OPEN_ARRAY) this.#array(depth + 1);
    else this.#scalar();
  }

  /** The next character that is not white space. */
  #peek(): number {
    let code = this.#text.charCodeAt(this.#at);
    while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) {
      this.#at += 1;
      code = this.#text.charCodeAt(this.#at);
    }
    return code;
  }

  #object(depth: number): void {
    this.#enter(depth);
    if (this.#peek() === CLOSE_OBJECT) {
      this.#at += 1;
      return;
    }
    const keys = new Set<string>();
    do {
      this.#peek();
      const key = this.#key();
      this.#path.push(key);
      if (key === "__proto__") throw this.#refusal("is a name that no field may have");
      if (keys.has(key)) throw this.#refusal("is given twice");
      keys.add(key);
      this.#peek();
      this.#at += 1; // the colon
      this.value(depth);
      this.#path.pop();
    } while (this.#next());
  }

  #array(depth: number): void {
    this.#enter(depth);
    if (this.#peek() === CLOSE_ARRAY) {
      this.#at += 1;
      return;
    }
    let index = 0;
    do {
      this.#path.push(index);
      this.value(depth);
      this.#path.pop();
      index += 1;
    } while (this.#next());
  }

  #enter(depth: number): void {
    if (depth > DEPTH_MAX) throw badJson(`the body is nested deeper than ${DEPTH_MAX}`);
    this.#at += 1;
  }

  /** Steps over `,` or the closing bracket; true where another member follows. */
  #next(): boolean {
    const code = this.#peek();
    this.#at += 1;
    return code === COMMA;
  }

  #key(): string {
    const start = this.#at;
    this.#skipString();
    const raw = this.#text.slice(start + 1, this.#at - 1);
    return raw.includes("\\") ? String(JSON.parse(`"${raw}"`)) : raw;
  }

  #skipString(): void {
    const start = this.#at + 1;
    let end = this.#text.indexOf('"', start);
    while (isEscaped(this.#text, start, end)) end = this.#text.indexOf('"', end + 1);
    this.#at = end + 1;
  }

  #scalar(): void {
    const start = this.#at;
    let plain = true;
    let code = this.#text.charCodeAt(start);
    while (isScalarPart(code)) {
      if (code === 0x2e || code === 0x45 || code === 0x65) plain = false;
      this.#at += 1;
      code = this.#text.charCodeAt(this.#at);
    }
    if (plain && !isMinusZero(this.#text, start, this.#at)) return;
    if (schemaAt(this.#schema, this.#path)?.type !== "integer") return;
    const first = this.#text.charCodeAt(start);
    // `true` and `false` hold an "e" too; their type is the schema's to refuse.
    if (first === 0x74 || first === 0x66) return;
    throw this.#refusal("must be written as an integer");
  }

  #refusal(rule: string): AppError {
    return invalidArgument(fieldPath(this.#path), rule);
  }
}

/** A quote is part of the string when an odd number of backslashes stands before it. */
function isEscaped(text: string, start: number, quote: number): boolean {
  let slashes = 0;
  while (quote - 1 - slashes >= start && text.charCodeAt(quote - 1 - slashes) === 0x5c) slashes += 1;
  return slashes % 2 === 1;
}

/** Letters, digits, `+`, `-`, `.`: what numbers, `true`, `false` and `null` are written with. */
function isScalarPart(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x2d ||
    code === 0x2e ||
    code === 0x2b ||
    code === 0x45
  );
}

function isMinusZero(text: string, start: number, end: number): boolean {
  return end - start === 2 && text.startsWith("-0", start);
}
