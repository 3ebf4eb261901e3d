import type { ContractError } from "../emit/index.ts";
import { checkSchema } from "./check.ts";
import { Lexer, type Token } from "./lexer.ts";
import { parseLines, parseService, type ServiceBlock } from "./parse-service.ts";
import { parseTypes, readSign } from "./parse-type.ts";
import type { ParsedType } from "./parsed-type.ts";
import { renamed, resolveTypes, typeName } from "./resolve-types.ts";
import type { ApiRoute, ApiSchema } from "./schema.ts";
import { shapeBodies } from "./shape-bodies.ts";

/** A file that a contract imports. */
interface ImportedFile {
  /** The one path that it goes by, as seen from the folder of the contract, whichever way it was named. */
  readonly path: string;
  readonly source: string;
}

/** Gives an imported file by its path as seen from the folder of the contract; undefined where there is none. */
export type ReadImport = (path: string) => ImportedFile | undefined;

/**
 * Parses a go-zero `.api` contract (grammar v1) with what it imports.
 *
 * @throws ContractError with all that is wrong or not supported.
 */
export function parseApi(
  source: string,
  fileName: string,
  readImport: ReadImport = () => undefined,
): ApiSchema {
  const reader = new Reader(readImport);
  const lexer = new Lexer(source, fileName);
  reader.read(lexer);
  lexer.problems.throwAny();
  if (reader.services.length === 0) throw lexer.unexpected("a service");
  const types = resolveTypes(lexer, reader.types);
  const routes = reader.services.flatMap((block) => block.routes).map(withNames);
  lexer.problems.throwAny();
  checkSchema(lexer, types, routes);
  lexer.problems.throwAny();
  const { warnings } = lexer.problems;
  return { types: shapeBodies(types, routes), routes, ...(warnings.length > 0 && { warnings }) };
}

/**
 * Says what is wrong with a file, its imports and what it takes from them left out.
 *
 * @throws ContractError with all of it.
 */
export function checkSyntax(source: string, fileName: string): void {
  const lexer = new Lexer(source, fileName);
  new Reader((path) => ({ path: `${path} of ${fileName}`, source: "" })).read(lexer);
  lexer.problems.throwAny();
}

function withNames(route: ApiRoute): ApiRoute {
  const { request, response } = route;
  return {
    ...route,
    request: request && { ...request, name: typeName(request.name) },
    response: response && renamed(response),
  };
}

/** Collects what a file and those that it imports define. */
class Reader {
  readonly types: ParsedType[] = [];
  readonly services: ServiceBlock[] = [];
  readonly #readImport: ReadImport;
  readonly #done = new Set<string>();
  readonly #open: string[] = [];

  constructor(readImport: ReadImport) {
    this.#readImport = readImport;
  }

  read(lexer: Lexer): void {
    this.#open.push(lexer.fileName);
    parseSyntax(lexer);
    while (lexer.peek().kind !== "end") lexer.attempt(() => this.#part(lexer), beginsPart);
    this.#open.pop();
    this.#done.add(lexer.fileName);
  }

  #part(lexer: Lexer): void {
    if (lexer.sees("type")) this.types.push(...parseTypes(lexer, lexer.next()));
    else if (lexer.sees("service") || lexer.sees("@")) this.#service(lexer);
    else if (lexer.sees("info")) parseInfo(lexer);
    else if (lexer.sees("import")) this.#imports(lexer);
    else throw lexer.unexpected("import, type, @server or service");
  }

  #service(lexer: Lexer): void {
    const start = lexer.peek().at;
    const service = parseService(lexer);
    const [first] = this.services;
    if (first !== undefined && service.name !== first.name) {
      throw lexer.error(
        start,
        `a service "${service.name}"`,
        `"${first.name}" again: one contract holds one service`,
      );
    }
    this.services.push(service);
  }

  /** `import "a.api"`, or several in brackets. */
  #imports(lexer: Lexer): void {
    lexer.next();
    if (!lexer.sees("(")) {
      this.#import(lexer);
      return;
    }
    lexer.next();
    while (!lexer.sees(")")) this.#import(lexer);
    lexer.next();
  }

  #import(lexer: Lexer): void {
    const { kind, value, at } = lexer.peek();
    if ((kind !== "text" && kind !== "tag") || value === "") throw lexer.unexpected('a file like "b.api"');
    lexer.next();
    const named = besides(lexer.fileName, value);
    const file = this.#readImport(named);
    if (file === undefined) throw lexer.error(at, `no file "${named}"`, "a file beside this one");
    const { path, source } = file;
    const cycle = this.#open.indexOf(path);
    if (cycle !== -1) {
      const names = [...this.#open.slice(cycle), path].join(" imports ");
      throw lexer.error(at, `an import in a circle (${names})`, "each file to import others only");
    }
    if (!this.#done.has(path)) this.read(new Lexer(source, path, lexer));
  }
}

const PARTS: ReadonlySet<string> = new Set(["type", "service", "info", "import", "@"]);

/** Parts begin in the first column, where nothing inside of one does. */
function beginsPart({ value, at }: Token, error: ContractError): boolean {
  return at.column === 1 && at.line > error.position.line && PARTS.has(value);
}

/** A path that a file names, as seen from where the file's own path is seen from. */
function besides(file: string, path: string): string {
  const kept: string[] = [];
  const own = path.startsWith("/") ? "" : file.slice(0, file.lastIndexOf("/") + 1);
  const whole = own + path;
  for (const part of whole.split(/[\\/]/)) {
    const up = part === ".." && kept.length > 0 && kept.at(-1) !== "..";
    if (up) kept.pop();
    else if (part !== "" && part !== ".") kept.push(part);
  }
  return (whole.startsWith("/") ? "/" : "") + kept.join("/");
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
