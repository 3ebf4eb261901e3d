import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The repository's folder. */
export const ROOT = resolve(import.meta.dirname, "../..");

/** A document of the repository, by its path from the root. */
export function readDocument(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** The shell commands of a document: what stands in its fenced `sh` blocks, in order. */
export function commandBlocks(markdown: string): string[] {
  return [...markdown.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = ""]) => block);
}

/** The `sh` block after the comment `<!-- test: NAME -->`, which marks it as one that a test runs. */
export function markedBlock(markdown: string, name: string): string {
  const [block] = commandBlocks(afterMark(markdown, name));
  if (block === undefined) throw new Error(`no sh block follows <!-- test: ${name} -->`);
  return block;
}

/** The rows of the table after the comment `<!-- test: NAME -->`, without the header, cell by cell. */
export function markedRows(markdown: string, name: string): string[][] {
  const [table = ""] = /(?:^\|.*\n)+/m.exec(afterMark(markdown, name)) ?? [];
  const [, , ...rows] = table.trimEnd().split("\n");
  return rows.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function afterMark(markdown: string, name: string): string {
  const mark = `<!-- test: ${name} -->\n`;
  const start = markdown.indexOf(mark);
  if (start === -1) throw new Error(`there is no <!-- test: ${name} -->`);
  return markdown.slice(start + mark.length);
}
