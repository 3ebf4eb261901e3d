import protobuf from "#protobuf";
import { ContractError, type Position, Problems } from "../emit/index.ts";
import { createProtoPositions, syntaxOf } from "./scan-proto.ts";

/** Gives the text of an imported file by the path that an import names; undefined where there is none. */
export type ReadProto = (path: string) => string | undefined;

/** A contract with all that it imports, in one tree. */
export interface LoadedProto {
  readonly root: protobuf.Root;
  readonly packageName: string;
  /** What the contract itself declares at its top. */
  readonly declarations: readonly protobuf.ReflectionObject[];
  /** Where a declaration stands, by its name inside its declarations. */
  readonly positionOf: (name: string) => Position;
}

/** Descriptors of the language itself: only options refer to them, and options mean nothing here. */
const DESCRIPTOR = "google/protobuf/descriptor.proto";

/** @throws ContractError for what is no proto3, or names a file or type that is not there. */
export function loadProto(source: string, fileName: string, read: ReadProto): LoadedProto {
  const root = new protobuf.Root();
  const parsed = parseText(source, fileName, root);
  const positionOf = createProtoPositions(source);
  const problems = new Problems();
  const fail = (name: string, detail: string): void => {
    problems.add(new ContractError(fileName, positionOf(name), detail));
  };
  if (syntaxOf(source) !== "proto3") fail("", 'expected syntax = "proto3"; first');
  problems.throwAny();
  const packageName = parsed.package ?? "";
  const space = packageName === "" ? root : (root.lookup(packageName) as protobuf.Namespace | null);
  const declarations = declaredHere(space, packageName);
  const done = new Set<string>([fileName]);
  const open = [...(parsed.imports ?? []), ...(parsed.weakImports ?? [])];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (done.has(path)) continue;
    done.add(path);
    const text = path === DESCRIPTOR ? undefined : read(path);
    if (text !== undefined) {
      const { imports = [], weakImports = [] } = parseText(text, path, root);
      open.push(...imports, ...weakImports);
    } else if (!addCommon(root, path) && path !== DESCRIPTOR) {
      fail(`import ${path}`, `no file "${path}": it is looked for beside the contract, and where -I says`);
    }
  }
  // Types of files that are not there are missing for that.
  problems.throwAny();
  resolveTypes(declarations, fail);
  problems.throwAny();
  return { root, packageName, declarations, positionOf };
}

/** Packages inside this one are declared by others. */
function declaredHere(space: protobuf.Namespace | null, packageName: string): protobuf.ReflectionObject[] {
  const all = space?.nestedArray ?? [];
  const isPackage = (entry: protobuf.ReflectionObject): boolean =>
    entry instanceof protobuf.Namespace &&
    !(entry instanceof protobuf.Type) &&
    !(entry instanceof protobuf.Service);
  return packageName === ""
    ? all.filter((entry) => !isPackage(entry))
    : all.filter((entry) => !isPackage(entry));
}

/** The well-known types, which every compiler brings. */
function addCommon(root: protobuf.Root, path: string): boolean {
  const known = protobuf.common.get(path);
  if (known === null) return false;
  // The library's typings call the whole file its nested part.
  root.addJSON((known as { nested: Record<string, protobuf.AnyNestedObject> }).nested);
  return true;
}

function resolveTypes(
  declarations: readonly protobuf.ReflectionObject[],
  fail: (name: string, detail: string) => void,
): void {
  for (const declaration of declarations) {
    if (declaration instanceof protobuf.Type) resolveFields(declaration, declaration.name, fail);
    if (!(declaration instanceof protobuf.Service)) continue;
    for (const method of declaration.methodsArray) {
      try {
        method.resolve();
      } catch {
        const named = [method.requestType, method.responseType].find(
          (type) => declaration.parent?.lookup(type, [protobuf.Type]) == null,
        );
        fail(`${declaration.name}.${method.name}`, `no message "${named}" in this file or its imports`);
      }
    }
  }
}

function resolveFields(
  type: protobuf.Type,
  path: string,
  fail: (name: string, detail: string) => void,
): void {
  for (const field of type.fieldsArray) {
    try {
      field.resolve();
    } catch {
      fail(`${path}.${field.name}`, `no message "${field.type}" in this file or its imports`);
    }
  }
  for (const nested of type.nestedArray) {
    if (nested instanceof protobuf.Type) resolveFields(nested, `${path}.${nested.name}`, fail);
  }
}

function parseText(source: string, fileName: string, root: protobuf.Root): protobuf.IParserResult {
  try {
    return protobuf.parse(source, root, { keepCase: true, alternateCommentMode: true });
  } catch (error) {
    throw parseError(error instanceof Error ? error.message : String(error), source, fileName);
  }
}

/** protobufjs says `illegal token 'x' (line 3)`; for a duplicate it names the two, and no line. */
function parseError(message: string, source: string, fileName: string): ContractError {
  const detail = message
    .replace(/ \(line \d+\)$/, "")
    .replace(/(?:token|end of input) 'null'/, "end of input")
    .trimEnd();
  // After a comment that ends the file, the library counts one line more than there are.
  const said = Number(/\(line (\d+)\)$/.exec(message)?.[1] ?? 0);
  const line = Math.min(said, source.split("\n").length);
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
