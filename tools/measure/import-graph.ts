import { dirname, posix } from "node:path";
import type { RepositoryFile } from "../tidy/repository.ts";
import { importsOf } from "../tidy/syntax.ts";
import type { ImportGraph } from "./circles.ts";

/** A file, or one for each condition. */
type Target = string | { readonly default: string };

/** Of a package.json, what says how others import its files. */
interface Manifest {
  readonly name?: string;
  readonly exports?: Readonly<Record<string, Target>>;
}

/** Which of the house's own files each of `sources` imports, by path or by the entry of a package. */
export function importGraph(
  files: readonly RepositoryFile[],
  sources: readonly RepositoryFile[],
  { withTypes }: { readonly withTypes: boolean },
): ImportGraph {
  const entries = packageEntries(files);
  const known = new Set(sources.map(({ path }) => path));
  return new Map(
    sources.map((file) => {
      const targets = importsOf(file)
        .filter(({ typeOnly }) => withTypes || !typeOnly)
        .map(({ specifier }) => targetOf(specifier, file.path, entries))
        .filter((target) => known.has(target));
      return [file.path, [...new Set(targets)]];
    }),
  );
}

/** An entry of a package: what is imported, and its file, with a `*` where both have one. */
interface Entry {
  readonly specifier: string;
  readonly path: string;
}

function packageEntries(files: readonly RepositoryFile[]): Entry[] {
  const manifests = files.filter(({ path }) => posix.basename(path) === "package.json");
  return manifests.flatMap(({ path, text }) => {
    const { name, exports = {} }: Manifest = JSON.parse(text);
    return name === undefined
      ? []
      : Object.entries(exports).map(([key, target]) => ({
          specifier: posix.join(name, key),
          path: posix.join(dirname(path), fileOf(target)),
        }));
  });
}

/** What Node takes of an entry. */
function fileOf(target: Target): string {
  return typeof target === "string" ? target : target.default;
}

function targetOf(specifier: string, from: string, entries: readonly Entry[]): string {
  if (specifier.startsWith(".")) return posix.join(posix.dirname(from), specifier);
  for (const entry of entries) {
    if (entry.specifier === specifier) return entry.path;
    const [start, end] = entry.specifier.split("*");
    if (start === undefined || end === undefined) continue;
    if (specifier.startsWith(start) && specifier.endsWith(end)) {
      return entry.path.replace("*", specifier.slice(start.length, specifier.length - end.length));
    }
  }
  return specifier;
}
