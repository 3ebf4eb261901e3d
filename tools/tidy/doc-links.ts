import { dirname, join } from "node:path/posix";
import { type Finding, lineAt, type RepositoryFile, type Rule } from "./repository.ts";

const LINK = /\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g;
const CODE = /^```[\s\S]*?^```|`[^`\n]+`/gm;

/** A link in a document leads to a file of the repository. Links to the web are not followed. */
export const docLinks: Rule = {
  name: "links in documents lead somewhere",
  check(files) {
    const known = new Set(files.flatMap(({ path }) => withFolders(path)));
    return files.filter(({ path }) => path.endsWith(".md")).flatMap((file) => brokenLinks(file, known));
  },
};

function withFolders(path: string): string[] {
  const parts = path.split("/");
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

function brokenLinks(file: RepositoryFile, known: ReadonlySet<string>): Finding[] {
  // Code is blanked, not cut, so that offsets still give the right line.
  const text = file.text.replaceAll(CODE, (code) => code.replaceAll(/[^\n]/g, " "));
  return [...text.matchAll(LINK)].flatMap((match) => {
    const target = (match[1] ?? "").split("#")[0] ?? "";
    if (target === "" || /^[a-z]+:/.test(target)) return [];
    const path = target.startsWith("/") ? target.slice(1) : join(dirname(file.path), decodeURI(target));
    if (known.has(path.replace(/\/$/, "")) || path === "." || path === "./") return [];
    return [
      {
        path: file.path,
        line: lineAt(text, match.index),
        message: `link to ${target}, which does not exist`,
      },
    ];
  });
}
