import { type Finding, isSource, isTest, lineAt, type RepositoryFile, type Rule } from "./repository.ts";
import { parseFile } from "./syntax.ts";

/** Whoever uses the kit reads the declaration, not the body: each exported one says what it is for. */
export const kitDocs: Rule = {
  name: "exported declarations of the kit are documented",
  check: (files) =>
    files
      .filter(({ path }) => path.startsWith("kit/") && isSource(path) && !isTest(path))
      .flatMap(undocumented),
};

function undocumented(file: RepositoryFile): Finding[] {
  const { program, comments } = parseFile(file);
  const docEnds = comments
    .filter(({ type, value }) => type === "Block" && value.startsWith("*"))
    .map(({ end }) => end);
  const documented = (start: number) =>
    docEnds.some((end) => end <= start && file.text.slice(end, start).trim() === "");
  return program.body
    .filter((statement) => statement.type === "ExportNamedDeclaration" && statement.declaration !== null)
    .filter((statement) => !documented(statement.start))
    .map((statement) => ({
      path: file.path,
      line: lineAt(file.text, statement.start),
      message: `${firstLine(file.text, statement.start)} has no doc comment`,
    }));
}

function firstLine(text: string, start: number): string {
  return text.slice(start, text.indexOf("\n", start)).slice(0, 60);
}
