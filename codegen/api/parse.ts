import { checkNames } from "./check.ts";
import { Lexer } from "./lexer.ts";
import { parseLines, parseService, type ServiceBlock } from "./parse-service.ts";
import { parseTypes, readSign } from "./parse-type.ts";
import type { ApiSchema, ApiType } from "./schema.ts";

/**
 * Parses a go-zero `.api` file (grammar v1).
 *
 * @throws ContractError at the first thing that is wrong or not supported.
 */
export function parseApi(source: string, fileName: string): ApiSchema {
  const lexer = new Lexer(source, fileName);
  const types: ApiType[] = [];
  const services: ServiceBlock[] = [];
  parseSyntax(lexer);
  while (lexer.peek().kind !== "end") {
    if (lexer.sees("type")) types.push(...parseTypes(lexer, lexer.next()));
    else if (lexer.sees("service") || lexer.sees("@"))
      services.push(parseServiceOf(lexer, services[0]?.name));
    else if (lexer.sees("info")) parseInfo(lexer);
    else throw unexpectedStatement(lexer);
  }
  if (services.length === 0) throw lexer.unexpected("a service");
  const routes = services.flatMap((block) => block.routes);
  checkNames(lexer, types, routes);
  return { types, routes };
}

/** `syntax = "v1"`, the only version there is. */
function parseSyntax(lexer: Lexer): void {
  if (!lexer.sees("syntax")) return;
  lexer.next();
  readSign(lexer, "=");
  const version = lexer.peek();
  if (version.kind !== "text" || version.value !== "v1") throw lexer.unexpected('the text "v1"');
  lexer.next();
}

/** `info ( … )` is for readers; nothing is generated from it. */
function parseInfo(lexer: Lexer): void {
  lexer.next();
  parseLines(lexer);
}

function parseServiceOf(lexer: Lexer, expectedName: string | undefined): ServiceBlock {
  const start = lexer.peek().at;
  const service = parseService(lexer);
  if (expectedName !== undefined && service.name !== expectedName) {
    throw lexer.error(
      start,
      `a service "${service.name}"`,
      `"${expectedName}" again: one file holds one service`,
    );
  }
  return service;
}

function unexpectedStatement(lexer: Lexer): Error {
  if (lexer.sees("import")) {
    return lexer.unexpected("everything in one file: imports are not supported yet");
  }
  return lexer.unexpected("type, @server or service");
}
