import type { Node } from "oxc-parser";
import type { RepositoryFile } from "../tidy/repository.ts";
import { parseFile, visitNodes } from "../tidy/syntax.ts";

/** A function as it stands in its file. */
export interface MeasuredFunction {
  /** From its first to its last line. */
  readonly lines: number;
  readonly params: number;
}

type FunctionNode = Extract<
  Node,
  { type: "FunctionDeclaration" | "FunctionExpression" | "ArrowFunctionExpression" }
>;

/** The functions of a file that have a name, or a body of more than one line. */
export function functionsIn(file: RepositoryFile): MeasuredFunction[] {
  const lineOf = lineCounter(file.text);
  const named = new Set<Node>();
  const found: MeasuredFunction[] = [];
  visitNodes(parseFile(file).program, (node) => {
    const value = namedValue(node);
    if (value !== undefined) named.add(value);
    if (!isFunction(node) || node.body === null) return;
    const lines = lineOf(node.end) - lineOf(node.start) + 1;
    const hasName = named.has(node) || ("id" in node && node.id !== null);
    if (lines > 1 || hasName) found.push({ lines, params: node.params.length });
  });
  return found;
}

/** How many times a file says `as`, but for `as const`. */
export function castsIn(file: RepositoryFile): number {
  let casts = 0;
  visitNodes(parseFile(file).program, (node) => {
    if (node.type === "TSAsExpression" && !isConst(node.typeAnnotation)) casts += 1;
  });
  return casts;
}

function isConst(type: Node): boolean {
  return (
    type.type === "TSTypeReference" && type.typeName.type === "Identifier" && type.typeName.name === "const"
  );
}

/** What a declaration gives its name to. */
function namedValue(node: Node): Node | undefined {
  switch (node.type) {
    case "VariableDeclarator":
      return node.init ?? undefined;
    case "MethodDefinition":
    case "PropertyDefinition":
    case "Property":
      return node.value ?? undefined;
    default:
      return undefined;
  }
}

function isFunction(node: Node): node is FunctionNode {
  return (
    node.type === "FunctionDeclaration" ||
    node.type === "FunctionExpression" ||
    node.type === "ArrowFunctionExpression"
  );
}

/** Tells the line, from 0, of an offset in `text`. */
function lineCounter(text: string): (offset: number) => number {
  const starts = [...text.matchAll(/\n/g)].map(({ index }) => index + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}
