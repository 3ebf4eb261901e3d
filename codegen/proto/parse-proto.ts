import protobuf from "protobufjs";
import { ContractError, type Position } from "../emit/index.ts";
import type { ProtoContract } from "./contract.ts";
import { type ProtoPositions, protoPositions } from "./positions.ts";
import { type ProtoScope, readMessage, readService } from "./read-declarations.ts";

/**
 * Reads a `.proto` contract: proto3, one package, messages of scalars and messages, one service of
 * unary methods.
 *
 * @throws ContractError for anything else, with its place.
 */
export function parseProto(source: string, fileName: string): ProtoContract {
  const parsed = parseText(source, fileName);
  const positions = protoPositions(source);
  const fail = (name: string, detail: string): never => {
    throw new ContractError(fileName, positions.get(name) ?? { line: 1, column: 1 }, detail);
  };
  if (!/^syntax\s*=\s*["']proto3["']/m.test(source)) return fail("syntax", 'expected syntax = "proto3";');
  if (positions.has("import")) return fail("import", "import is not supported");
  if (parsed.package === undefined || parsed.package === null) return fail("", "expected a package");
  return readFile(parsed.package, parsed.root, { fileName, positions, fail });
}

function readFile(
  packageName: string,
  root: protobuf.Root,
  place: { fileName: string; positions: ProtoPositions; fail: ProtoScope["fail"] },
): ProtoContract {
  const declarations = (root.lookup(packageName) as protobuf.Namespace | null)?.nestedArray ?? [];
  const messages = declarations.filter((entry) => entry instanceof protobuf.Type);
  const services = declarations.filter((entry) => entry instanceof protobuf.Service);
  const names = new Set(messages.map((message) => message.name));
  const scope: ProtoScope = { packageName, messages: names, fail: place.fail };
  for (const entry of declarations) {
    if (entry instanceof protobuf.Enum) place.fail(entry.name, "enum is not supported");
    if (entry instanceof protobuf.Field) place.fail(entry.name, "extend is not supported");
  }
  const [service, second] = services;
  if (service === undefined) return place.fail("", "expected a service");
  if (second !== undefined) return place.fail(second.name, "a second service is not supported");
  return {
    packageName,
    messages: messages.map((message) => readMessage(message, scope)),
    service: readService(service, scope),
  };
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
