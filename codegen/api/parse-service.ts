import type { Lexer, Placed, Token } from "./lexer.ts";
import { parseTypeRef, readSign, readWord } from "./parse-type.ts";
import type { ApiRoute, RouteMethod, TypeRef } from "./schema.ts";

/** What an `@server` block says about the routes of the service block after it. */
interface ServerBlock {
  readonly auth: boolean;
  readonly group: string;
  readonly prefix: string;
  readonly raw: boolean;
}

export interface ServiceBlock {
  /** Without `-api`. */
  readonly name: string;
  readonly routes: readonly ApiRoute[];
}

interface RouteDoc {
  readonly summary: string;
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
const PATH = /^(\/[A-Za-z0-9._~-]+)+$|^\/$/;
const PARAMETER = /\/:[A-Za-z][A-Za-z0-9]*(?=\/|$)/g;
const GROUP = /^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/;
const SERVER_KEYS: readonly string[] = ["jwt", "group", "prefix", "body"];
/** Methods that change nothing, by HTTP's own rule. */
const SAFE_METHODS: ReadonlySet<RouteMethod> = new Set(["GET", "HEAD", "OPTIONS"]);
/** The names of protobuf's `idempotency_level`, for routes that may be repeated. */
const REPEATABLE_LEVELS: readonly string[] = ["NO_SIDE_EFFECTS", "IDEMPOTENT"];
const NO_DOC: RouteDoc = { summary: "", repeatable: false };
const NO_SERVER: ServerBlock = { auth: false, group: "", prefix: "", raw: false };

/** `[@server ( … )] service name { … }`. */
export function parseService(lexer: Lexer): ServiceBlock {
  const server = lexer.sees("@") ? parseServer(lexer) : NO_SERVER;
  if (!lexer.sees("service")) throw lexer.unexpected('"service"');
  lexer.next();
  const name = readWord(lexer, "the service's name").value;
  if (lexer.sees("-")) parseApiSuffix(lexer);
  readSign(lexer, "{");
  const routes: ApiRoute[] = [];
  while (!lexer.sees("}")) routes.push(parseRoute(lexer, server));
  lexer.next();
  return { name, routes };
}

function parseApiSuffix(lexer: Lexer): void {
  lexer.next();
  if (!lexer.sees("api")) throw lexer.unexpected('"api" after "-"');
  lexer.next();
}

function parseServer(lexer: Lexer): ServerBlock {
  readAnnotation(lexer, ["server"]);
  const values = parseServerValues(lexer);
  const group = values.get("group");
  if (group !== undefined && !GROUP.test(group.value)) {
    throw lexer.error(group.at, `the group "${group.value}"`, "a folder name like admin or admin/user");
  }
  const prefix = values.get("prefix");
  const path = prefix === undefined || prefix.value === "/" ? "" : `/${trimSlashes(prefix.value)}`;
  if (prefix !== undefined && path !== "" && !PATH.test(path)) {
    throw lexer.error(prefix.at, `the prefix "${prefix.value}"`, "a path like /v1");
  }
  const body = values.get("body");
  if (body !== undefined && body.value !== "raw") {
    throw lexer.error(body.at, `the body "${body.value}"`, "raw, or no such line: bodies are JSON then");
  }
  return {
    auth: values.has("jwt"),
    group: group?.value ?? "",
    prefix: path,
    raw: body !== undefined,
  };
}

function trimSlashes(path: string): string {
  return path.replace(/^\/+|\/+$/g, "");
}

function parseServerValues(lexer: Lexer): Map<string, Placed> {
  readSign(lexer, "(");
  const values = new Map<string, Placed>();
  while (!lexer.sees(")")) {
    const key = readWord(lexer, 'a key or ")"');
    if (!SERVER_KEYS.includes(key.value)) {
      throw lexer.error(
        key.at,
        `the key "${key.value}"`,
        `${SERVER_KEYS.join(", ")}: others are not supported yet`,
      );
    }
    if (values.has(key.value)) throw lexer.error(key.at, `a second key "${key.value}"`, "each key once");
    readSign(lexer, ":");
    values.set(key.value, lexer.serverValue());
  }
  lexer.next();
  return values;
}

function parseRoute(lexer: Lexer, server: ServerBlock): ApiRoute {
  const { summary, handler, ...head } = parseRouteHead(lexer);
  const method = parseMethod(lexer);
  // Who speaks a protocol of its own names its messages in its own way.
  const repeatable = head.repeatable || SAFE_METHODS.has(method) || server.raw;
  const path = parsePath(lexer, server);
  const beforeTypes = lexer.peek();
  const request = parseRequest(lexer);
  if (request !== undefined && (method === "GET" || method === "HEAD")) {
    const found = `a request at a ${method.toLowerCase()} route`;
    throw lexer.error(request.at, found, "none: only JSON bodies are supported, which it cannot carry");
  }
  const response = parseResponse(lexer);
  if (server.raw && (request !== undefined || response !== undefined)) {
    throw lexer.error(beforeTypes.at, "a type at a raw route", "none: its bodies are bytes");
  }
  if (lexer.sees(";")) lexer.next();
  const { auth, group, raw } = server;
  const of = { handler: handler.value, group, auth, raw, summary, repeatable, at: handler.at };
  return { method, path, ...of, request, response };
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
 * `@doc "text"`, or `@doc ( summary: "text" … )` whose other keys go-zero ignores. Of those
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
  return { summary: values.get("summary") ?? "", repeatable: level !== undefined };
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

function parsePath(lexer: Lexer, { prefix, raw }: ServerBlock): string {
  const { value, at } = lexer.path();
  if (value.includes("/:") && !raw) {
    throw lexer.error(
      at,
      `the path "${value}"`,
      "one without parameters: they are supported with `body: raw` only",
    );
  }
  const names = value.match(PARAMETER) ?? [];
  if (new Set(names).size < names.length) {
    throw lexer.error(at, `the path "${value}"`, "each parameter once");
  }
  if (!PATH.test(value.replace(PARAMETER, "/x"))) {
    throw lexer.error(at, `the path "${value}"`, "segments of letters, digits, -, _, . and ~");
  }
  return value === "/" && prefix !== "" ? prefix : prefix + value;
}

function parseRequest(lexer: Lexer): ApiRoute["request"] {
  if (!lexer.sees("(")) return undefined;
  lexer.next();
  const start = lexer.peek();
  const type = start.value === ")" ? undefined : parseTypeRef(lexer, 'the request\'s type or ")"');
  readSign(lexer, ")");
  if (type === undefined || type.kind === "struct") return type;
  throw lexer.error(start.at, `"${start.value}"`, "the name of a type: a request is a JSON object");
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
