import type { ContractError } from "../emit/index.ts";
import type { Lexer, Token } from "./lexer.ts";
import { scalarName } from "./number-type.ts";
import { type FieldTag, parseTag, UNTAGGED } from "./parse-tag.ts";
import type { ParsedField, ParsedMember, ParsedType } from "./parsed-type.ts";
import type { TypeRef } from "./schema.ts";

const FIELD_TYPE = "a field type";
const GO_ONLY = new Set(["complex64", "complex128", "uintptr", "error", "chan", "func"]);
const INTEGERS_MAX = 6;

/** Takes the types that fields define where they stand. */
interface InlineTypes {
  /** The name that the type at hand gets, should it be defined in place. */
  readonly name: string;
  add(type: ParsedType): void;
}

/** What follows the word `type`: one type, or a group in brackets. */
export function parseTypes(lexer: Lexer, keyword: Token): ParsedType[] {
  if (!lexer.sees("(")) return parseStruct(lexer, keyword.doc, "a type name");
  lexer.next();
  const types: ParsedType[] = [];
  while (!lexer.sees(")")) types.push(...parseStruct(lexer, "", 'a type name or ")"'));
  lexer.next();
  return types;
}

/** The type, and before it those that its fields define in place. */
function parseStruct(lexer: Lexer, docOfKeyword: string, expected: string): ParsedType[] {
  const name = readWord(lexer, expected);
  if (lexer.sees("=")) throw lexer.unexpected('"{": Go\'s type aliases have no place in a contract');
  if (lexer.sees("struct")) lexer.next();
  const found: ParsedType[] = [];
  const members = parseMembers(lexer, name.value, (type) => found.push(type));
  const doc = name.doc === "" ? docOfKeyword : name.doc;
  return [...found, { name: name.value, doc, members, at: name.at }];
}

function parseMembers(lexer: Lexer, owner: string, add: InlineTypes["add"]): ParsedMember[] {
  readSign(lexer, "{");
  const members: ParsedMember[] = [];
  while (!lexer.sees("}"))
    members.push(...(lexer.attempt(() => parseMember(lexer, owner, add), beginsMember) ?? []));
  lexer.next();
  return members;
}

/** A field takes a line, unless it holds a struct of its own, which has told of its fields by then. */
function beginsMember({ value, at }: Token, { position }: ContractError): boolean {
  return at.line > position.line || value === "}";
}

function parseMember(lexer: Lexer, owner: string, add: InlineTypes["add"]): ParsedMember[] {
  if (lexer.sees("*")) {
    lexer.next();
    return [parseEmbedded(lexer, readWord(lexer, "the name of a type"))];
  }
  const name = readWord(lexer, 'a field name or "}"');
  if (isEmbedded(lexer, name)) return [parseEmbedded(lexer, name)];
  const names = [name];
  while (lexer.sees(",")) {
    lexer.next();
    names.push(readWord(lexer, "a field name"));
  }
  const pointer = lexer.sees("*");
  const type = parseTypeRef(lexer, FIELD_TYPE, { name: owner + upperFirst(name.value), add });
  const token = lexer.peek().kind === "tag" ? lexer.next() : undefined;
  const lineEnd = lexer.lineEndComment();
  return names.flatMap((each) => {
    const field = { name: upperFirst(each.value), type };
    const tag = token === undefined ? UNTAGGED : parseTag(lexer, token, field);
    if (tag === undefined) return [];
    const description = [each.doc, lineEnd].filter((text) => text !== "").join("\n");
    return [fieldOf({ ...field, pointer }, tag, { description, at: each.at })];
  });
}

function fieldOf(
  field: Pick<ParsedField, "name" | "type" | "pointer">,
  { jsonName, rules, inputs, outsideBody }: FieldTag,
  about: Pick<ParsedField, "description" | "at">,
): ParsedMember {
  return {
    kind: "field",
    ...field,
    jsonName: jsonName === "" ? field.name : jsonName,
    rules,
    ...(inputs.length > 0 && { inputs }),
    ...(outsideBody && { outsideBody: true as const }),
    ...about,
  };
}

/** A lone name on its line: Go's way to take over the fields of another struct. */
function isEmbedded(lexer: Lexer, name: Token): boolean {
  const after = lexer.peek();
  if (after.kind === "end") return false;
  return after.kind === "tag" || lexer.sees("}") || lexer.sees(".") || after.at.line !== name.at.line;
}

/** With a JSON name of its own it is a field like any other, as Go's encoder has it. */
function parseEmbedded(lexer: Lexer, name: Token): ParsedMember {
  if (lexer.sees(".")) throw packageType(lexer, name, "the name of a type");
  const type: TypeRef = { kind: "struct", name: name.value, at: name.at };
  const field = { name: upperFirst(name.value), type, pointer: false };
  const token = lexer.peek().kind === "tag" ? lexer.next() : undefined;
  const tag = token === undefined ? UNTAGGED : (parseTag(lexer, token, field) ?? UNTAGGED);
  const description = lexer.lineEndComment();
  if (tag.jsonName !== "") return fieldOf(field, tag, { description, at: name.at });
  return { kind: "embedded", type: name.value, optional: tag.rules.optional, at: name.at };
}

/** A type by its Go spelling: a base type, `[]T`, `map[K]T`, `*T`, `any`, or the name of a struct. */
export function parseTypeRef(lexer: Lexer, expected: string, inline?: InlineTypes): TypeRef {
  const token = lexer.peek();
  if (lexer.sees("*")) {
    lexer.next();
    return lexer.nested(() => parseTypeRef(lexer, expected, inline));
  }
  if (lexer.sees("[")) return lexer.nested(() => parseArray(lexer, expected, inline));
  if (inline !== undefined && (lexer.sees("{") || lexer.sees("struct")))
    return lexer.nested(() => parseInline(lexer, token, inline));
  if (token.kind !== "word") throw lexer.unexpected(expected);
  if (token.value === "struct" || GO_ONLY.has(token.value))
    throw lexer.unexpected(`${expected} that JSON can carry`);
  lexer.next();
  if (token.value === "map") return lexer.nested(() => parseMap(lexer, expected, inline));
  if (token.value === "any") return { kind: "any" };
  if (token.value === "interface") return parseInterface(lexer);
  if (lexer.sees(".")) throw packageType(lexer, token, expected);
  const name = scalarName(token.value);
  return name === undefined ? { kind: "struct", name: token.value, at: token.at } : { kind: "scalar", name };
}

/** A struct without a name gets that of its place: `ReqUser` of the field `User` in `Req`. */
function parseInline(lexer: Lexer, { at }: Token, inline: InlineTypes): TypeRef {
  if (lexer.sees("struct")) lexer.next();
  const members = parseMembers(lexer, inline.name, inline.add);
  inline.add({ name: inline.name, doc: "", members, at });
  return { kind: "struct", name: inline.name, at };
}

function packageType(lexer: Lexer, token: Token, expected: string): Error {
  lexer.next();
  const found = `"${token.value}.${lexer.peek().value}"`;
  return lexer.error(token.at, found, `${expected}: types of Go packages are not supported`);
}

function parseArray(lexer: Lexer, expected: string, inline: InlineTypes | undefined): TypeRef {
  lexer.next();
  const length = lexer.sees("]") ? undefined : readLength(lexer);
  readSign(lexer, "]");
  if (length === undefined && (lexer.sees("byte") || lexer.sees("uint8"))) {
    lexer.next();
    return { kind: "bytes" };
  }
  const element = parseTypeRef(lexer, expected, inline);
  return { kind: "array", element, ...(length !== undefined && { length }) };
}

/** Digits, which the lexer gives one by one. */
function readLength(lexer: Lexer): number {
  const start = lexer.peek();
  let digits = "";
  while (/^\d$/.test(lexer.peek().value) && digits.length <= INTEGERS_MAX) digits += lexer.next().value;
  if (digits === "" || digits.length > INTEGERS_MAX)
    throw lexer.error(start.at, `"${start.value}"`, `"]", or a length of at most ${INTEGERS_MAX} digits`);
  return Number(digits);
}

function parseMap(lexer: Lexer, expected: string, inline: InlineTypes | undefined): TypeRef {
  readSign(lexer, "[");
  const key = lexer.peek();
  const name = scalarName(key.value);
  if (name === undefined || name === "bool" || name.startsWith("float"))
    throw lexer.unexpected("a map key that JSON can write: string or an integer type");
  lexer.next();
  readSign(lexer, "]");
  const value = parseTypeRef(lexer, expected, inline);
  return { kind: "map", value, ...(name !== "string" && { numeric: true as const }) };
}

function parseInterface(lexer: Lexer): TypeRef {
  readSign(lexer, "{");
  readSign(lexer, "}");
  return { kind: "any" };
}

/** How goctl turns a name into one that Go exports. */
export function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
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
