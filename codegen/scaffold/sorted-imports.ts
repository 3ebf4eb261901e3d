/** Import lines as the formatter sorts them: those of Node, of packages, and of files, each by their module. */
export function sortedByModule(lines: readonly string[]): string[] {
  return lines.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

function keyOf(line: string): string {
  const from = /from "(.+)"/.exec(line)?.[1] ?? "";
  return `${from.startsWith("node:") ? 0 : from.startsWith("@") ? 1 : 2}${from}`;
}
