import type { ContractError } from "../emit/index.ts";
import type { Lexer, Token } from "./lexer.ts";
import { isPath, NO_SERVER, parseServer, type ServerBlock } from "./parse-server.ts";
import { parseTypeRef, readSign, readWord } from "./parse-type.ts";
import type { ApiRoute, RouteMethod, TypeRef } from "./schema.ts";

export interface ServiceBlock {
  /** Without `-api`. */
  readonly name: string;
  readonly routes: readonly ApiRoute[];
}

interface RouteDoc {
  readonly summary: string;
  readonly description?: string;
  readonly repeatable: boolean;
}

interface RouteHead extends RouteDoc {
  readonly handler: Token;
}

const METHODS: ReadonlyMap<string, RouteMethod> = new Map([
  ["get", "GET"],
  ["head", "HEAD"],
  ["post", "POST"],
  ["put", "PUT"],
  ["patch", "PATCH"],
  ["delete", "DELETE"],
  ["options", "OPTIONS"],
]);
const PARAMETER = /\/:[A-Za-z_][A-Za-z0-9_-]*(?=\/|$)/g;
/** Methods that change nothing, by HTTP's own rule. */
const SAFE_METHODS: ReadonlySet<RouteMethod> = new Set(["GET", "HEAD", "OPTIONS"]);
/** The names of protobuf's `idempotency_level`, for routes that may be repeated. */
const REPEATABLE_LEVELS: readonly string[] = ["NO_SIDE_EFFECTS", "IDEMPOTENT"];
const NO_DOC: RouteDoc = { summary: "", repeatable: false };

/** `[@server ( … )] service name { … }`. */
export function parseService(lexer: Lexer): ServiceBlock {
  const server = lexer.sees("@") ? parseServerBlock(lexer) : NO_SERVER;
  if (!lexer.sees("service")) throw lexer.unexpected('"service"');
  lexer.next();
  const name = readWord(lexer, "the service's name").value;
  if (lexer.sees("-")) parseApiSuffix(lexer);
  readSign(lexer, "{");
  const routes: ApiRoute[] = [];
  while (!lexer.sees("}")) {
    const route = lexer.attempt(() => parseRoute(lexer, server), beginsRoute);
    if (route !== undefined) routes.push(route);
  }
  lexer.next();
  return { name, routes };
}

function beginsRoute({ value, at }: Token, { position }: ContractError): boolean {
  return at.line > position.line && (value === "@" || value === "}");
}

function parseServerBlock(lexer: Lexer): ServerBlock {
  readAnnotation(lexer, ["server"]);
  return parseServer(lexer);
}

function parseApiSuffix(lexer: Lexer): void {
  lexer.next();
  if (!lexer.sees("api")) throw lexer.unexpected('"api" after "-"');
  lexer.next();
}

function parseRoute(lexer: Lexer, server: ServerBlock): ApiRoute {
  const { summary, description, handler, ...head } = parseRouteHead(lexer);
  const method = parseMethod(lexer);
  // Who speaks a protocol of its own names its messages in its own way.
  const repeatable = head.repeatable || SAFE_METHODS.has(method) || server.raw;
  const { prefix, ...of } = server;
  const path = parsePath(lexer, prefix);
  const beforeTypes = lexer.peek();
  const request = parseRequest(lexer);
  const response = parseResponse(lexer);
  if (server.raw && (request !== undefined || response !== undefined)) {
    throw lexer.error(beforeTypes.at, "a type at a raw route", "none: its bodies are bytes");
  }
  if (server.events && response === undefined) {
    throw lexer.error(beforeTypes.at, "no answer at a route with sse: true", "the type of its events");
  }
  if (lexer.sees(";")) lexer.next();
  const said = { summary, ...(description !== undefined && { description }) };
  const named = { handler: handler.value, ...said, repeatable, at: handler.at };
  return { method, path, ...of, ...named, request, response };
}

function parseRouteHead(lexer: Lexer): RouteHead {
  let doc: RouteDoc | undefined;
  let handler: Token | undefined;
  while (lexer.sees("@") || handler === undefined) {
    if (!lexer.sees("@")) throw lexer.unexpected("@handler or @doc");
    const annotation = readAnnotation(lexer, ["handler", "doc", "server"]);
    const repeated = annotation.value === "doc" ? doc : handler;
    if (repeated !== undefined) {
      throw lexer.error(annotation.at, `a second @${annotation.value}`, "one per route");
    }
    if (annotation.value === "doc") doc = parseDoc(lexer, annotation);
    else
      handler =
        annotation.value === "handler" ? readWord(lexer, "the handler's name") : parseOldHandler(lexer);
  }
  return { ...(doc ?? NO_DOC), handler };
}

/** `@server(handler: Create)`, how go-zero named handlers before `@handler`. */
function parseOldHandler(lexer: Lexer): Token {
  readSign(lexer, "(");
  if (!lexer.sees("handler")) throw lexer.unexpected('"handler"');
  lexer.next();
  readSign(lexer, ":");
  const handler = readWord(lexer, "the handler's name");
  readSign(lexer, ")");
  return handler;
}

/**
 * `@doc "text"`, or `@doc ( summary: "text", description: "text" … )` whose other keys go-zero ignores. Of those
 * `idempotencyLevel: NO_SIDE_EFFECTS` (it only reads) and `IDEMPOTENT` mean something here: see `ApiRoute.repeatable`.
 */
function parseDoc(lexer: Lexer, { at }: Token): RouteDoc {
  if (!lexer.sees("(")) {
    if (lexer.peek().kind !== "text") throw lexer.unexpected('a text in quotes or "("');
    return { summary: lexer.next().value, repeatable: false };
  }
  const values = parseLines(lexer);
  const level = values.get("idempotencyLevel");
  if (level !== undefined && !REPEATABLE_LEVELS.includes(level)) {
    throw lexer.error(at, `the idempotencyLevel "${level}"`, REPEATABLE_LEVELS.join(" or "));
  }
  const description = values.get("description");
  return {
    summary: values.get("summary") ?? "",
    ...(description !== undefined && { description }),
    repeatable: level !== undefined,
  };
}

/** `( key: value … )` with a value a line, as in `info` and `@doc`. */
export function parseLines(lexer: Lexer): Map<string, string> {
  readSign(lexer, "(");
  const values = new Map<string, string>();
  while (!lexer.sees(")")) {
    const key = readWord(lexer, 'a key or ")"').value;
    readSign(lexer, ":");
    values.set(key, lexer.lineValue());
  }
  lexer.next();
  return values;
}

function parseMethod(lexer: Lexer): RouteMethod {
  const expected = `a method (${[...METHODS.keys()].join(", ")})`;
  if (lexer.peek().kind !== "word") throw lexer.unexpected(expected);
  const method = METHODS.get(lexer.peek().value);
  if (method === undefined) throw lexer.unexpected(expected);
  lexer.next();
  return method;
}

function parsePath(lexer: Lexer, prefix: string): string {
  const { value, at } = lexer.path();
  // go-zero's router cleans paths, so that a slash at the end says nothing.
  const trimmed = value.replace(/(?<=[^/])\/$/, "");
  const path = trimmed === "/" && prefix !== "" ? prefix : prefix + trimmed;
  const names = path.match(PARAMETER) ?? [];
  if (new Set(names).size < names.length) {
    throw lexer.error(at, `the path "${value}"`, "each parameter once");
  }
  if (!isPath(path.replace(PARAMETER, "/x"))) {
    throw lexer.error(at, `the path "${value}"`, "segments of letters, digits, -, _, . and ~, or :name");
  }
  return path;
}

function parseRequest(lexer: Lexer): ApiRoute["request"] {
  if (!lexer.sees("(")) return undefined;
  lexer.next();
  const start = lexer.peek();
  const type = start.value === ")" ? undefined : parseTypeRef(lexer, 'the request\'s type or ")"');
  readSign(lexer, ")");
  if (type === undefined || type.kind === "struct") return type;
  throw lexer.error(start.at, `"${start.value}"`, "the name of a type: a request is an object");
}

function parseResponse(lexer: Lexer): TypeRef | undefined {
  if (!lexer.sees("returns")) return undefined;
  lexer.next();
  readSign(lexer, "(");
  const type = lexer.sees(")") ? undefined : parseTypeRef(lexer, 'the response\'s type or ")"');
  readSign(lexer, ")");
  return type;
}

function readAnnotation(lexer: Lexer, names: readonly string[]): Token {
  readSign(lexer, "@");
  if (!names.includes(lexer.peek().value))
    throw lexer.unexpected(names.map((name) => `@${name}`).join(" or "));
  return lexer.next();
}
