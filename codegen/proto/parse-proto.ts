import protobuf from "protobufjs";
import { ContractError, type Position } from "../emit/index.ts";
import type { ProtoContract } from "./contract.ts";
import { type ProtoScope, readMessage, readService } from "./read-declarations.ts";
import { scanProto } from "./scan-proto.ts";

/**
 * Reads a `.proto` contract: proto3, one package, messages of scalars and messages, one service of
 * unary methods.
 *
 * @throws ContractError for anything else, with its place.
 */
export function parseProto(source: string, fileName: string): ProtoContract {
  const parsed = parseText(source, fileName);
  const { syntax, positions } = scanProto(source);
  const fail = (name: string, detail: string): never => {
    throw new ContractError(fileName, positions.get(name) ?? { line: 1, column: 1 }, detail);
  };
  if (syntax !== "proto3") return fail("", 'expected syntax = "proto3"; first');
  if (positions.has("import")) return fail("import", "import is not supported");
  if (!parsed.package) return fail("", "expected a package");
  return readFile(parsed.package, parsed.root, fail);
}

function readFile(packageName: string, root: protobuf.Root, fail: ProtoScope["fail"]): ProtoContract {
  const declarations = (root.lookup(packageName) as protobuf.Namespace | null)?.nestedArray ?? [];
  dropEchoes(declarations);
  const messages = declarations.filter((entry) => entry instanceof protobuf.Type);
  const services = declarations.filter((entry) => entry instanceof protobuf.Service);
  const scope: ProtoScope = { packageName, messages: new Set(messages.map((message) => message.name)), fail };
  for (const entry of declarations) {
    if (entry instanceof protobuf.Enum) fail(entry.name, "enum is not supported");
    if (entry instanceof protobuf.Field) fail(entry.name, "extend is not supported");
  }
  const [service, second] = services;
  if (service === undefined) return fail("", "expected a service");
  if (second !== undefined) return fail(second.name, "a second service is not supported");
  return {
    packageName,
    messages: messages.map((message) => readMessage(message, scope)),
    service: readService(service, scope),
  };
}

/**
 * go-zero's tutorials repeat the comment over a pair of messages under it. Without a blank line
 * between, the parser gives that echo to whatever comes next.
 */
function dropEchoes(declarations: readonly protobuf.ReflectionObject[]): void {
  let open = "";
  for (const declaration of declarations) {
    const [first = "", ...rest] = (declaration.comment ?? "").split("\n");
    if (first !== "" && first === open) declaration.comment = rest.join("\n");
    if (declaration.comment) open = declaration.comment;
  }
}

function parseText(source: string, fileName: string): protobuf.IParserResult {
  try {
    return protobuf.parse(source, { keepCase: true, alternateCommentMode: true });
  } catch (error) {
    throw parseError(error instanceof Error ? error.message : String(error), source, fileName);
  }
}

/** protobufjs says `illegal token 'x' (line 3)`; for a duplicate it names the two, and no line. */
function parseError(message: string, source: string, fileName: string): ContractError {
  const detail = message
    .replace(/ \(line \d+\)$/, "")
    .replace("'null'", "")
    .trimEnd();
  const line = Number(/\(line (\d+)\)$/.exec(message)?.[1] ?? 0);
  const quoted = /'([^']+)'/.exec(message)?.[1];
  const position = line > 0 ? { line, column: columnOf(source, line, quoted) } : duplicateAt(source, message);
  const hint = /[“”‘’]/.test(detail) ? '; a string takes straight quotes: "…"' : "";
  return new ContractError(fileName, position, detail + hint);
}

function columnOf(source: string, line: number, text: string | undefined): number {
  const found = text === undefined ? -1 : (source.split("\n")[line - 1]?.lastIndexOf(text) ?? -1);
  return Math.max(found, 0) + 1;
}

function duplicateAt(source: string, message: string): Position {
  const inside = / in (?:Type|Service) (\w+)$/.exec(message)?.[1];
  const name = inside ?? /duplicate name '(\w+)'/.exec(message)?.[1];
  const pattern = new RegExp(`^\\s*(?:message|service|enum)\\s+${name}\\b`);
  const line = source.split("\n").findLastIndex((text) => pattern.test(text));
  return { line: Math.max(line, 0) + 1, column: 1 };
}
