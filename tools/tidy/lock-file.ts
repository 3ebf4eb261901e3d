import { type Finding, lineAt, type RepositoryFile, type Rule } from "./repository.ts";

/** The part of package-lock.json that the rule reads. */
interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>
  >;
}

/**
 * The lock file names the package of every platform, also those that the machine it was written on had no use
 * for: `npm ci` refuses a lock file that lacks one. And it names no place to fetch from, so that every registry
 * serves it.
 */
export const lockFile: Rule = {
  name: "the lock file serves every platform and registry",
  check: (files) =>
    files
      .filter(({ path }) => path === "package-lock.json")
      .flatMap((file) => [...missingPlatforms(file), ...fixedPlaces(file)]),
};

function missingPlatforms(file: RepositoryFile): Finding[] {
  const { packages }: Lock = JSON.parse(file.text);
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !(`node_modules/${name}` in packages || `${path}/node_modules/${name}` in packages))
      .map((name) => ({
        path: file.path,
        line: 0,
        message: `has no entry for ${name}, which ${path} may install`,
      })),
  );
}

function fixedPlaces(file: RepositoryFile): Finding[] {
  return [...file.text.matchAll(/"resolved": "https?:[^"]*"/g)].map((match) => ({
    path: file.path,
    line: lineAt(file.text, match.index),
    message: `${match[0]} fixes a place to fetch from`,
  }));
}
