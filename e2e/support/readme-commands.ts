import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The repository's folder. */
export const ROOT = resolve(import.meta.dirname, "../..");

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

/** The first cells of the table after the comment `<!-- test: NAME -->`, without the header. */
export function markedFirstCells(markdown: string, name: string): string[] {
  const [table = ""] = /(?:^\|.*\n)+/m.exec(afterMark(markdown, name)) ?? [];
  const [, , ...rows] = table.trimEnd().split("\n");
  return rows.map((row) => row.split("|")[1]?.trim() ?? "");
}

/** The files and folders of the repository that a document links to, without the parts after `#`. */
export function linkedPaths(markdown: string): string[] {
  const targets = [...markdown.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  const local = targets.filter((target) => !/^(https?:|#)/.test(target));
  return [...new Set(local.map((target) => target.split("#")[0] ?? ""))];
}

function afterMark(markdown: string, name: string): string {
  const mark = `<!-- test: ${name} -->\n`;
  const start = markdown.indexOf(mark);
  if (start === -1) throw new Error(`there is no <!-- test: ${name} -->`);
  return markdown.slice(start + mark.length);
}
