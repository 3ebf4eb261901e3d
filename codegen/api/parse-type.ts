import type { Lexer, Token } from "./lexer.ts";
import { scalarName } from "./number-type.ts";
import { parseTag } from "./parse-tag.ts";
import { type ApiField, type ApiType, NO_RULES, type TypeRef } from "./schema.ts";

const FIELD_TYPE = "a field type";
const GO_ONLY = new Set(["complex64", "complex128", "uintptr", "error", "chan", "func"]);

/** What follows the word `type`: one type, or a group in brackets. */
export function parseTypes(lexer: Lexer, keyword: Token): ApiType[] {
  if (!lexer.sees("(")) return [parseStruct(lexer, keyword.doc, "a type name")];
  lexer.next();
  const types: ApiType[] = [];
  while (!lexer.sees(")")) types.push(parseStruct(lexer, "", 'a type name or ")"'));
  lexer.next();
  return types;
}

function parseStruct(lexer: Lexer, docOfKeyword: string, expected: string): ApiType {
  const name = readWord(lexer, expected);
  if (lexer.sees("=")) throw lexer.unexpected('"{": type aliases are not supported yet');
  if (lexer.sees("struct")) lexer.next();
  readSign(lexer, "{");
  const fields: ApiField[] = [];
  while (!lexer.sees("}")) fields.push(parseField(lexer));
  lexer.next();
  checkFields(lexer, name.value, fields);
  return { name: name.value, doc: name.doc === "" ? docOfKeyword : name.doc, fields, at: name.at };
}

function parseField(lexer: Lexer): ApiField {
  if (lexer.sees("*")) throw lexer.unexpected("a field name: embedded types are not supported yet");
  const name = readWord(lexer, 'a field name or "}"');
  if (isEmbedded(lexer, name)) {
    const expected = "a field name and its type: embedded types are not supported yet";
    throw lexer.error(name.at, `"${name.value}"`, expected);
  }
  const type = parseTypeRef(lexer, FIELD_TYPE);
  const field = { name: name.value, type };
  const tag =
    lexer.peek().kind === "tag"
      ? parseTag(lexer, lexer.next(), field)
      : { jsonName: name.value, rules: NO_RULES };
  const lineEnd = lexer.lineEndComment();
  const description = [name.doc, lineEnd].filter((text) => text !== "").join("\n");
  return { ...field, jsonName: tag.jsonName, rules: tag.rules, description, at: name.at };
}

/** A lone name on its line: Go's way to take over the fields of another struct. */
function isEmbedded(lexer: Lexer, name: Token): boolean {
  const after = lexer.peek();
  if (after.kind === "end") return false;
  return after.kind === "tag" || lexer.sees("}") || lexer.sees(".") || after.at.line !== name.at.line;
}

/** A type by its Go spelling: a base type, `[]T`, `map[string]T`, `*T`, `any`, or the name of a struct. */
export function parseTypeRef(lexer: Lexer, expected: string): TypeRef {
  const token = lexer.peek();
  if (lexer.sees("*")) {
    lexer.next();
    return parseTypeRef(lexer, expected);
  }
  if (lexer.sees("[")) return parseArray(lexer, expected);
  if (token.kind !== "word") throw lexer.unexpected(expected);
  if (token.value === "struct")
    throw lexer.unexpected(`${expected}: structs inside structs are not supported yet`);
  if (GO_ONLY.has(token.value)) throw lexer.unexpected(`${expected} that JSON can carry`);
  lexer.next();
  if (token.value === "map") return parseMap(lexer, expected);
  if (token.value === "any") return { kind: "any" };
  if (token.value === "interface") return parseInterface(lexer);
  if (lexer.sees(".")) throw packageType(lexer, token, expected);
  const name = scalarName(token.value);
  return name === undefined ? { kind: "struct", name: token.value, at: token.at } : { kind: "scalar", name };
}

function packageType(lexer: Lexer, token: Token, expected: string): Error {
  lexer.next();
  const found = `"${token.value}.${lexer.peek().value}"`;
  return lexer.error(token.at, found, `${expected}: types of Go packages are not supported`);
}

function parseArray(lexer: Lexer, expected: string): TypeRef {
  lexer.next();
  if (!lexer.sees("]")) throw lexer.unexpected('"]": arrays of fixed length are not supported');
  lexer.next();
  if (lexer.sees("byte") || lexer.sees("uint8")) {
    throw lexer.unexpected("another element type: byte slices are not supported yet");
  }
  return { kind: "array", element: parseTypeRef(lexer, expected) };
}

function parseMap(lexer: Lexer, expected: string): TypeRef {
  readSign(lexer, "[");
  if (!lexer.sees("string")) throw lexer.unexpected('"string", the only map key that JSON knows');
  lexer.next();
  readSign(lexer, "]");
  return { kind: "map", value: parseTypeRef(lexer, expected) };
}

function parseInterface(lexer: Lexer): TypeRef {
  readSign(lexer, "{");
  readSign(lexer, "}");
  return { kind: "any" };
}

function checkFields(lexer: Lexer, type: string, fields: readonly ApiField[]): void {
  const names = new Set<string>();
  const jsonNames = new Set<string>();
  for (const { name, jsonName, at } of fields) {
    if (names.has(name)) throw lexer.error(at, `a second field "${name}"`, `each field of ${type} once`);
    if (jsonNames.has(jsonName)) {
      throw lexer.error(
        at,
        `a second field with the JSON name "${jsonName}"`,
        `each JSON name of ${type} once`,
      );
    }
    names.add(name);
    jsonNames.add(jsonName);
  }
}

/** Takes a word, or says what was expected instead. */
export function readWord(lexer: Lexer, expected: string): Token {
  if (lexer.peek().kind !== "word") throw lexer.unexpected(expected);
  return lexer.next();
}

/** Takes a bracket or other sign, or says that it was expected. */
export function readSign(lexer: Lexer, sign: string): Token {
  const token = lexer.peek();
  if (token.kind !== "sign" || token.value !== sign) throw lexer.unexpected(`"${sign}"`);
  return lexer.next();
}
