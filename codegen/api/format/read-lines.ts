import type { Lexer } from "../lexer.ts";
import type { Line } from "./line.ts";
import { LineReader } from "./line-reader.ts";

/** The lines of a contract whose syntax is known to be right, in the layout of `goctl api format`. */
export function readLines(lexer: Lexer): Line[] {
  const reader = new LineReader(lexer);
  while (lexer.peek().kind !== "end") readPart(reader);
  return reader.lines;
}

function readPart(reader: LineReader): void {
  const { lexer } = reader;
  if (lexer.sees("syntax")) reader.end([[reader.take(), reader.take(), reader.take()].join(" ")], "always");
  else if (lexer.sees("info")) reader.block([reader.take()], "always", () => readValue(reader));
  else if (lexer.sees("import")) readImport(reader);
  else if (lexer.sees("type")) readType(reader);
  else if (lexer.sees("@")) readServer(reader);
  else readService(reader, "always");
}

function readImport(reader: LineReader): void {
  const isFirst = !reader.lines.at(-1)?.cells[0]?.startsWith("import ");
  const word = reader.take();
  const gap = isFirst ? "always" : "kept";
  if (reader.lexer.sees("(")) reader.block([word], gap, () => reader.end([reader.take()], "kept"));
  else reader.end([`${word} ${reader.take()}`], gap);
}

function readType(reader: LineReader): void {
  const word = reader.take();
  if (reader.lexer.sees("(")) reader.block([word], "always", () => readStruct(reader, [], "kept"));
  else readStruct(reader, [word], "always");
}

function readStruct(reader: LineReader, before: readonly string[], gap: Line["gap"]): void {
  const head = [...before, reader.take()];
  dropStruct(reader);
  reader.block(head, gap, () => readMember(reader));
}

/** The word of Go that goctl no longer takes. */
function dropStruct({ lexer }: LineReader): void {
  if (lexer.sees("struct")) lexer.next();
}

function readMember(reader: LineReader): void {
  const { lexer } = reader;
  const isPointer = lexer.sees("*");
  const { line } = lexer.peek().at;
  const name = isPointer ? reader.take() + reader.take() : reader.take();
  const embeds = isPointer || lexer.peek().kind === "tag" || lexer.sees("}") || lexer.peek().at.line !== line;
  if (embeds) {
    reader.end([name, ...readTag(reader)], "kept");
    return;
  }
  let names = name;
  while (lexer.sees(",")) names += `${reader.take()} ${reader.take()}`;
  const type = readTypeRef(reader);
  dropStruct(reader);
  if (lexer.sees("{"))
    readInline(
      reader,
      [names, type].filter((text) => text !== ""),
    );
  else reader.end([names, type, ...readTag(reader)], "kept");
}

/** A struct in the place of a type; the tag behind it is that of the field. */
function readInline(reader: LineReader, head: readonly string[]): void {
  reader.block([head.join(" ")], "kept", () => readMember(reader));
  const [tag] = readTag(reader);
  const closing = reader.lines.pop();
  if (closing === undefined) return;
  const cells = tag === undefined ? closing.cells : [`${closing.cells[0]} ${tag}`];
  reader.lines.push({ ...closing, cells });
}

function readTag(reader: LineReader): string[] {
  return reader.lexer.peek().kind === "tag" ? [reader.take()] : [];
}

/** A type up to the brackets of a struct in its place. */
function readTypeRef(reader: LineReader): string {
  const { lexer } = reader;
  let text = "";
  while (lexer.sees("*") || lexer.sees("[")) {
    text += lexer.sees("*") ? reader.take() : reader.takeUntil("]").join("") + reader.take();
  }
  if (lexer.sees("{") || lexer.sees("struct")) return text;
  const word = reader.take();
  text += word;
  if (word === "map")
    return text + reader.take() + reader.takeUntil("]").join("") + reader.take() + readTypeRef(reader);
  if (word === "interface") return text + reader.take() + reader.take();
  return text;
}

function readServer(reader: LineReader): void {
  const annotation = reader.take() + reader.take();
  reader.block([annotation], "always", () => readServerValue(reader));
  readService(reader, "kept");
}

function readServerValue(reader: LineReader): void {
  const key = reader.take() + reader.take();
  const { kind } = reader.lexer.peek();
  const isQuoted = kind === "text" || kind === "tag";
  const value = isQuoted ? reader.take() : reader.keep(reader.lexer.serverValue()).value;
  reader.end([key, isQuoted ? value : value.replace(/\s*,\s*/g, ",")], "kept");
}

function readService(reader: LineReader, gap: Line["gap"]): void {
  const [word = "", ...name] = reader.takeUntil("{");
  reader.block([word, name.join("")], gap, () => readRoute(reader));
}

function readRoute(reader: LineReader): void {
  const { lexer } = reader;
  let above: Line["gap"] = "always";
  while (lexer.sees("@")) {
    readAnnotation(reader, above);
    above = "kept";
  }
  const method = reader.take();
  const path = reader.keep(lexer.path()).value;
  const request = lexer.sees("(") ? readBrackets(reader) : "";
  const response = lexer.sees("returns") ? `${reader.take()} ${readBrackets(reader)}` : "";
  if (lexer.sees(";")) lexer.next();
  const said = [request, response].filter((text) => text !== "" && !text.endsWith("()"));
  reader.end([[method, path, ...said].join(" ")], above);
}

function readBrackets(reader: LineReader): string {
  return reader.takeUntil(")").join("") + reader.take();
}

function readAnnotation(reader: LineReader, gap: Line["gap"]): void {
  const { lexer } = reader;
  const name = reader.take() + reader.take();
  if (name === "@server") {
    // How handlers were named before @handler.
    const [, , , handler] = reader.takeUntil(")").concat(reader.take());
    reader.end([`@handler ${handler}`], gap);
  } else if (lexer.sees("(")) reader.block([name], gap, () => readValue(reader));
  else reader.end([`${name} ${reader.take()}`], gap);
}

function readValue(reader: LineReader): void {
  const key = reader.take() + reader.take();
  reader.end([key, reader.lexer.lineText()], "kept");
}
