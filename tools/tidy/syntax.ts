import { type Node, type ParseResult, parseSync, visitorKeys } from "oxc-parser";
import { lineAt, type RepositoryFile } from "./repository.ts";

/** A module that a file names in an import, export … from, dynamic import or import type. */
export interface ImportedModule {
  readonly specifier: string;
  readonly line: number;
  /** Whether nothing of the import is left when types are stripped. */
  readonly typeOnly: boolean;
}

const parsed = new WeakMap<RepositoryFile, ParseResult>();

/** The syntax of a source file, parsed once for all rules. */
export function parseFile(file: RepositoryFile): ParseResult {
  const known = parsed.get(file);
  if (known !== undefined) return known;
  const result = parseSync(file.path, file.text);
  parsed.set(file, result);
  return result;
}

/** Every module that a file imports by a constant name. */
export function importsOf(file: RepositoryFile): ImportedModule[] {
  const found: ImportedModule[] = [];
  visitNodes(parseFile(file).program, (node) => {
    const specifier = moduleNamedBy(node);
    if (specifier === undefined) return;
    found.push({ specifier, line: lineAt(file.text, node.start), typeOnly: isTypeOnly(node) });
  });
  return found;
}

function moduleNamedBy(node: Node): string | undefined {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "TSImportType":
      return node.source.value;
    case "ExportNamedDeclaration":
      return node.source?.value;
    case "ImportExpression":
      return node.source.type === "Literal" && typeof node.source.value === "string"
        ? node.source.value
        : undefined;
    default:
      return undefined;
  }
}

function isTypeOnly(node: Node): boolean {
  switch (node.type) {
    case "TSImportType":
      return true;
    case "ImportDeclaration":
      return node.importKind === "type";
    case "ExportAllDeclaration":
    case "ExportNamedDeclaration":
      return node.exportKind === "type";
    default:
      return false;
  }
}

/** Calls `visit` for `node` and everything below it, parents first. */
export function visitNodes(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const key of visitorKeys[node.type] ?? []) {
    const child: unknown = Reflect.get(node, key);
    for (const one of Array.isArray(child) ? child : [child]) if (isNode(one)) visitNodes(one, visit);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value;
}

/** `a.b` as text for an identifier or a plain member chain; undefined for anything else. */
export function dottedName(node: Node): string | undefined {
  if (node.type === "Identifier") return node.name;
  if (node.type !== "MemberExpression" || node.computed) return undefined;
  const object = dottedName(node.object);
  return object === undefined || node.property.type !== "Identifier"
    ? undefined
    : `${object}.${node.property.name}`;
}

/** The value of a number literal, undefined for any other expression. */
export function numberOf(node: Node | undefined): number | undefined {
  return node?.type === "Literal" && typeof node.value === "number" ? node.value : undefined;
}
