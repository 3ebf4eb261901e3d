import { dirname, matchesGlob, posix } from "node:path";
import { type Finding, isSource, isTest, type RepositoryFile, type Rule } from "./repository.ts";
import { type ImportedModule, importsOf } from "./syntax.ts";

/** Files matching `from` may import what `may` names (paths from the root, or `@mall/…` entries). */
interface Boundary {
  readonly from: string;
  /** `$service` stands for the folder under services/ that the importing file is in. */
  readonly may: readonly string[];
  /** Set where npm packages and node: modules are out of bounds too. */
  readonly internalOnly?: true;
}

/** Clients of its methods, its refusals, how it takes part in transactions, whom it says to be there, and who it says is revoked. */
const NEIGHBOUR = [
  "@mall/*/rpc",
  "@mall/*/rpc/errors",
  "@mall/*/rpc/*-participant",
  "@mall/user/rpc/known-users",
  "@mall/user/rpc/revoked",
];
const OWN = "services/$service";
/** What an rpc's ideas have in common: its context, refusals, jobs and messages, and no method. */
const RPC = ["services/$service/rpc/*.ts", "services/$service/rpc/gen/*"];
/** Rooms of a service that hold one idea each. */
const ROOMS = [
  ...[
    "approval",
    "attempt",
    "attention",
    "bills",
    "exchange",
    "inbox",
    "intent",
    "orders",
    "receipt",
    "reconcile",
    "refund",
    "search",
    "statistics",
    "timeline",
  ],
  ...["change", "create", "expiry", "release", "reopen"],
].map((room) => `services/$service/${room}/**`);
/** What a DTM server asks for, beside the main road: only its rpc, which puts it together, leads there. */
const BESIDE = "services/$service/dtm/**";
/** Finds the pinned Node before any package can be loaded, so commands take it by path. */
const LAUNCHER = "tools/launch.js";

/** The first row that matches a file decides; a file outside all rows belongs to nothing and is an error. */
const BOUNDARIES: readonly Boundary[] = [
  { from: "services/*/api/gen/*", may: gen("api"), internalOnly: true },
  { from: "services/*/rpc/gen/*", may: gen("rpc"), internalOnly: true },
  { from: "services/*/model/gen/*", may: gen("model"), internalOnly: true },
  { from: "services/*/service.ts", may: [`${OWN}/{api,rpc}/main.ts`, "@mall/kit/process"] },
  {
    from: "services/*/model/**",
    may: [
      `${OWN}/model/**`,
      ...kit("errors", "runtime", "async", "call", "config", "log", "cache", "states", "store"),
    ],
  },
  { from: "services/*/channels/**", may: [`${OWN}/channels/**`, "@mall/kit/*"] },
  {
    from: "services/*/rpc/**",
    may: [
      `${OWN}/rpc/**`,
      ...ROOMS,
      BESIDE,
      `${OWN}/model/**`,
      `${OWN}/channels/**`,
      "@mall/kit/*",
      ...NEIGHBOUR,
    ],
  },
  {
    from: "services/*/dtm/**",
    may: [...RPC, ...ROOMS, BESIDE, `${OWN}/model/**`, "@mall/kit/*", ...NEIGHBOUR],
  },
  {
    from: "services/*/{change,create,expiry,release,reopen}/**",
    may: [...RPC, ...ROOMS, `${OWN}/model/**`, "@mall/kit/*", ...NEIGHBOUR],
  },
  // Whoever asks a channel knows how to live with no answer; what decides does so by what was written down.
  {
    from: "services/*/{attempt,bills,exchange,inbox,reconcile,refund}/**",
    may: [...RPC, ...ROOMS, `${OWN}/model/**`, `${OWN}/channels/**`, "@mall/kit/*", ...NEIGHBOUR],
  },
  {
    from: "services/*/{approval,attention,intent,orders,receipt,search,statistics,timeline}/**",
    may: [
      ...RPC,
      ...ROOMS,
      `${OWN}/model/**`,
      `${OWN}/channels/{channel,pay-source}.ts`,
      "@mall/kit/*",
      ...NEIGHBOUR,
    ],
  },
  { from: "services/*/api/**", may: [`${OWN}/api/**`, "@mall/kit/*", ...NEIGHBOUR] },
  { from: "kit/**", may: ["kit/**", "@mall/kit/*"] },
  { from: "*/bin/*.js", may: [LAUNCHER] },
  { from: "codegen/**", may: ["codegen/**"] },
  // The other side of the channels shares nothing with the adapters, so that one mistake cannot be on both sides.
  { from: "channel-sim/**", may: ["channel-sim/**", "@mall/kit/*"] },
  { from: "cli/**", may: ["cli/**", "@mall/**"] },
  // Runs in browsers, but for what builds it: of the rest it knows no more than what answers look like.
  { from: "web/**", may: ["web/**", "@mall/*/api", "@mall/kit/currency", "@mall/kit/errors"] },
  // The root's own folders are never published, so they may reach a package that has no entries by path.
  {
    from: "e2e/goctl/**",
    may: ["e2e/**", "codegen/{api,api/format,emit,proto,sql}/*.ts", "@mall/kit/testing"],
  },
  { from: "e2e/**", may: ["e2e/**", "cli/**", "sim/*/index.ts", "@mall/**"] },
  ...["bench/mallctl.ts", "bench/mallctl/**"].map((from) => ({
    from,
    may: ["bench/mallctl/**", "bench/report.ts", "codegen/commands/index.ts", "@mall/kit/testing"],
  })),
  { from: "bench/**", may: ["bench/**", "cli/**", "services/*/*/gen/*", "@mall/**"] },
  { from: "sim/**", may: ["sim/**", "@mall/**"] },
  { from: "tools/**", may: ["tools/**", "codegen/**", "cli/**", "@mall/**"] },
];

function gen(layer: string): string[] {
  return [`${OWN}/${layer}/gen/*`, `${OWN}/${layer}/logic/*`, `${OWN}/${layer}/context.ts`, "@mall/kit/*"];
}

function kit(...areas: string[]): string[] {
  return areas.map((area) => `@mall/kit/${area}`);
}

/** Arrows point one way: api -> rpc client -> rpc logic -> model -> kit. Tests may stand on any layer. */
export const importBoundaries: Rule = {
  name: "imports follow the arrows of the architecture",
  check(files) {
    const packages = packageFolders(files);
    const sources = files.filter((file) => isSource(file.path));
    return sources.flatMap((file) => [...leavingPackage(file, packages), ...crossingBoundary(file)]);
  },
};

function packageFolders(files: readonly RepositoryFile[]): string[] {
  const manifests = files.filter((file) => posix.basename(file.path) === "package.json");
  return manifests.map((file) => dirname(file.path)).sort((left, right) => right.length - left.length);
}

function leavingPackage(file: RepositoryFile, packages: readonly string[]): Finding[] {
  const packageOf = (path: string) => packages.find((folder) => path.startsWith(`${folder}/`));
  const own = packageOf(file.path);
  if (own === undefined) return [];
  return importsOf(file)
    .map((imported) => ({ imported, target: resolve(file.path, imported.specifier) }))
    .filter(({ imported }) => imported.specifier.startsWith("."))
    .filter(({ target }) => packageOf(target) !== own && target !== LAUNCHER)
    .map(({ imported }) => objection(file, imported, "leaves its package; import the other package by name"));
}

function crossingBoundary(file: RepositoryFile): Finding[] {
  if (isTest(file.path)) return [];
  const boundary = BOUNDARIES.find(({ from }) => matchesGlob(file.path, from));
  if (boundary === undefined) {
    return [
      { path: file.path, line: 0, message: "is in no row of tools/tidy/import-boundaries.ts; add one" },
    ];
  }
  const service = file.path.split("/")[1] ?? "";
  const may = boundary.may.map((pattern) => pattern.replace("$service", service));
  return importsOf(file)
    .filter(({ specifier }) => boundary.internalOnly === true || isInternal(specifier))
    .filter(({ specifier }) => !may.some((pattern) => matchesGlob(resolve(file.path, specifier), pattern)))
    .map((imported) =>
      objection(file, imported, `is out of bounds for ${boundary.from}, which may import ${may.join(", ")}`),
    );
}

function isInternal(specifier: string): boolean {
  return specifier.startsWith(".") || specifier.startsWith("@mall/");
}

function resolve(from: string, specifier: string): string {
  return specifier.startsWith(".") ? posix.join(posix.dirname(from), specifier) : specifier;
}

function objection(file: RepositoryFile, imported: ImportedModule, why: string): Finding {
  return { path: file.path, line: imported.line, message: `import of ${imported.specifier} ${why}` };
}
