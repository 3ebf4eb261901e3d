import type { Declaration, Node } from "oxc-parser";
import {
  type Finding,
  isGenerated,
  isSource,
  isTest,
  lineAt,
  type RepositoryFile,
  type Rule,
} from "./repository.ts";
import { parseFile, visitNodes } from "./syntax.ts";

/**
 * Whoever uses the kit reads the declaration, not the body: each exported one that is written by hand says what it
 * is for. Two need no words of their own: `XOptions`, whose fields carry them, and a type read off a documented
 * value (`typeof x`) or named like one.
 */
export const kitDocs: Rule = {
  name: "exported declarations of the kit are documented",
  check: (files) =>
    files
      .filter(({ path }) => path.startsWith("kit/") && isSource(path) && !isTest(path) && !isGenerated(path))
      .flatMap(undocumented),
};

function undocumented(file: RepositoryFile): Finding[] {
  const declared = declarationsIn(file);
  const documented = new Set(declared.filter((one) => one.documented).flatMap((one) => one.names));
  return declared
    .filter((one) => one.exported && !one.documented && !isOptions(one))
    .filter((one) => !one.spokenForBy.some((name) => documented.has(name)))
    .map(({ line, names }) => ({ path: file.path, line, message: `${names.join(", ")} has no doc comment` }));
}

interface TopDeclaration {
  readonly line: number;
  readonly kind: string;
  readonly names: readonly string[];
  readonly exported: boolean;
  readonly documented: boolean;
  /** Names whose comment serves this declaration as well. */
  readonly spokenForBy: readonly string[];
}

function declarationsIn(file: RepositoryFile): TopDeclaration[] {
  const { program, comments } = parseFile(file);
  const docEnds = comments
    .filter(({ type, value }) => type === "Block" && value.startsWith("*"))
    .map(({ end }) => end);
  return program.body.flatMap((statement) => {
    const exported = statement.type === "ExportNamedDeclaration";
    const declaration = exported ? statement.declaration : statement;
    if (declaration === null || !isDeclaration(declaration)) return [];
    const names = declaredNames(declaration);
    return [
      {
        line: lineAt(file.text, statement.start),
        kind: declaration.type,
        names,
        exported,
        documented: docEnds.some(
          (end) => file.text.slice(end, statement.start).trim() === "" && end <= statement.start,
        ),
        spokenForBy: [...names, ...queriedNames(declaration)],
      },
    ];
  });
}

function isDeclaration(node: Node): node is Declaration {
  return node.type.endsWith("Declaration") && ("id" in node || "declarations" in node);
}

function declaredNames(declaration: Declaration): string[] {
  const ids =
    declaration.type === "VariableDeclaration"
      ? declaration.declarations.map(({ id }) => id)
      : [declaration.id];
  return ids.flatMap((id) => (id?.type === "Identifier" ? [id.name] : []));
}

/** The values that a type alias is read off with `typeof`. */
function queriedNames(declaration: Declaration): string[] {
  const names: string[] = [];
  if (declaration.type !== "TSTypeAliasDeclaration") return names;
  visitNodes(declaration, (node) => {
    if (node.type === "TSTypeQuery" && node.exprName.type === "Identifier") names.push(node.exprName.name);
  });
  return names;
}

function isOptions({ kind, names }: TopDeclaration): boolean {
  return kind === "TSInterfaceDeclaration" && names.every((name) => name.endsWith("Options"));
}
