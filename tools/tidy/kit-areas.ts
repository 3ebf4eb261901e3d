import { posix } from "node:path";
import { type Finding, isSource, isTest, type RepositoryFile, type Rule } from "./repository.ts";
import { type ImportedModule, importsOf } from "./syntax.ts";

const CALL = ["errors", "runtime", "trace", "async", "call", "auth"];
const BASE = [...CALL, "config", "log"];
const TRANSPORT = [...BASE, "resilience", "observe"];

/** What each area of the kit may use of the others. Read from top to bottom: nothing uses a row below its own. */
const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  states: [],
  currency: [],
  runtime: [],
  trace: ["runtime"],
  async: ["runtime", "trace"],
  call: ["errors", "runtime", "trace"],
  auth: ["errors", "call"],
  config: ["errors"],
  log: CALL,
  resilience: BASE,
  observe: BASE,
  cache: TRANSPORT,
  http: [...BASE, "resilience"],
  counterpart: BASE,
  store: [...TRANSPORT, "cache"],
  idempotency: [...TRANSPORT, "cache", "store"],
  audit: [...TRANSPORT, "cache", "store"],
  rpc: TRANSPORT,
  rest: TRANSPORT,
  discovery: [...TRANSPORT, "rpc"],
  jobs: [...TRANSPORT, "cache", "store", "audit"],
  desk: [...TRANSPORT, "cache", "store", "idempotency", "audit", "rpc", "jobs"],
  saga: [...TRANSPORT, "cache", "store", "rpc", "discovery", "jobs"],
  process: [...TRANSPORT, "cache", "store", "rpc", "rest", "http", "discovery", "jobs"],
  testing: [...TRANSPORT, "cache", "store", "audit", "rpc", "rest", "http", "jobs", "process"],
};

/** Areas of the kit use each other in one direction and through `@mall/kit/<area>`. */
export const kitAreas: Rule = {
  name: "areas of the kit use each other in order and by name",
  check(files) {
    const sources = files.filter((file) => isSource(file.path));
    return sources.flatMap(areaArrows);
  },
};

function areaArrows(file: RepositoryFile): Finding[] {
  const [top, area = "", ...rest] = file.path.split("/");
  if (top !== "kit" || rest.length === 0) return [];
  const may = MAY_USE[area];
  if (may === undefined) {
    return [
      {
        path: file.path,
        line: 0,
        message: `kit/${area} is no row of tools/tidy/kit-areas.ts; add it in order`,
      },
    ];
  }
  return importsOf(file).flatMap((imported) => {
    const why = objectionTo(imported, file.path, area, may);
    return why === undefined
      ? []
      : [{ path: file.path, line: imported.line, message: `${imported.specifier}: ${why}` }];
  });
}

function objectionTo(
  { specifier }: ImportedModule,
  path: string,
  area: string,
  may: readonly string[],
): string | undefined {
  if (specifier.startsWith(".")) {
    const target = posix.join(posix.dirname(path), specifier).split("/")[1];
    return target === area ? undefined : `import another area as @mall/kit/${target}`;
  }
  const other = /^@mall\/kit\/(.+)$/.exec(specifier)?.[1];
  if (other === undefined) return undefined;
  if (other === area) return isTest(path) ? undefined : "import the own area by file";
  return may.includes(other) || isTest(path)
    ? undefined
    : `kit/${area} may use only ${may.join(", ") || "no other area"}`;
}
