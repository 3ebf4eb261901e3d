import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseApi } from "../api/index.ts";
import {
  type ServiceNames,
  type TableNames,
  tableNames,
  textsTable,
  typeOfService,
} from "../scaffold/service-names.ts";
import { apiOfGreeting } from "../scaffold/start-of-greeting.ts";
import { apiOfRows, rpcOfRows } from "../scaffold/start-of-rows.ts";
import { apiOfTexts, rpcOfTexts } from "../scaffold/start-of-texts.ts";
import type { SqlTable } from "../sql/index.ts";
import { CommandError } from "./command-error.ts";
import { filesOf } from "./list-files.ts";
import { findNeighbours, type Neighbours, routeKey } from "./neighbours.ts";
import { type OwnContract, readOwnApi, readOwnProto, readOwnTables } from "./own-contracts.ts";

/** A service to be made. */
export interface NewService {
  readonly name: string;
  /** The folder of all services, e.g. `services`. */
  readonly dir: string;
  /** Its parts: true for one that starts from a contract of ours, a path for one of somebody's own. Neither: both. */
  readonly rpc?: boolean | string;
  readonly api?: boolean | string;
  /** The path of a `.sql` with the tables of its rpc. */
  readonly model?: string;
  /** Takes a line for each thing that is odd about a contract; nobody by default. */
  readonly warn?: (line: string) => void;
}

/** A service that can be made: all that there is to know is known, and nothing is written. */
export interface ServicePlan {
  readonly names: ServiceNames;
  /** Its contracts, and the logic of those of ours, by their paths in its folder. */
  readonly texts: Readonly<Record<string, string>>;
}

const NAME = /^[a-z][a-z0-9]{0,39}$/;
/** Words that generated code needs, what a mall's own configuration calls its blocks, and its process for people. */
const TAKEN: ReadonlySet<string> = new Set(
  (
    "call context request new delete default class runtime idempotency " +
    "name mode log telemetry prometheus devserver shutdown metricsurl profiling host rpchost accesslog port " +
    "timeout datadir mysql cacheredis rowcache auth trustedproxies cors cputhreshold jobs saga dtm sandbox " +
    "simulator pages shop console salt passwordscheme ratelimit orderexpire openordersmax payexpire channels " +
    "gateway"
  ).split(" "),
);
/** The public one of go-zero-mall's files, which mall warns of. */
const MALL_SECRET = "uOvKLmVfztaXGpNYd4Z0I1SiT7MweJhl";

/**
 * Finds out whether a service can be made, and of what.
 *
 * @throws CommandError for a name that cannot be, a folder that there is, a contract with an error, or tables and
 *   routes that somebody has already.
 */
export async function planService(asked: NewService): Promise<ServicePlan> {
  const { name, dir, model } = asked;
  const { rpc, api } = partsOf(asked);
  refuseName(name, dir);
  if (model !== undefined && rpc === false)
    throw new CommandError("--model: tables belong to an rpc; say --rpc beside it", undefined);
  const around = await findNeighbours(dir);
  const tables = model === undefined ? undefined : await readOwnTables(model);
  const proto = typeof rpc === "string" ? await readOwnProto(rpc) : undefined;
  const contract =
    typeof api === "string" ? await readOwnApi(api, asked.warn ?? (() => undefined)) : undefined;
  const names = nameService(asked, around, { tables: tables?.tables, service: proto?.service });
  const texts = {
    ...ownTexts(`model/${name}.sql`, tables),
    ...ownTexts(`rpc/${name}.proto`, proto),
    ...ownTexts(`api/${name}.api`, contract),
    ...startTexts(names),
  };
  // Outside of a mall each has a database and a port of its own.
  if (around.mall) {
    refuseTables(names.rpc?.tables ?? [], around);
    if (api !== false) refuseRoutes(name, texts, around);
  }
  return { names, texts };
}

/** What of its contracts is somebody's own decides what it starts from. */
function nameService(
  asked: NewService,
  { mall, ports }: Neighbours,
  own: { readonly tables: readonly SqlTable[] | undefined; readonly service: string | undefined },
): ServiceNames {
  const { name } = asked;
  const { rpc, api } = partsOf(asked);
  const type = typeOfService(name);
  const starts = own.service !== undefined ? "own" : own.tables ? "rows" : "texts";
  const tables = own.tables?.map(tableNames) ?? (starts === "own" ? [] : [textsTable(name)]);
  const asks = rpc !== false && starts !== "own" ? starts : "greeting";
  return {
    name,
    type,
    ports,
    alone: !mall,
    secret: mall ? MALL_SECRET : randomBytes(24).toString("base64url"),
    ...(rpc !== false && { rpc: { starts, service: own.service ?? type, tables } }),
    ...(api !== false && { api: { starts: typeof api === "string" ? "own" : asks } }),
  };
}

function partsOf({ rpc = false, api = false }: NewService): Record<"rpc" | "api", boolean | string> {
  return rpc === false && api === false ? { rpc: true, api: true } : { rpc, api };
}

function refuseName(name: string, dir: string): void {
  if (!NAME.test(name) || TAKEN.has(name))
    throw new CommandError(
      `the name "${name}" cannot be that of a service: take small letters and digits, and no word that mall uses`,
      undefined,
    );
  const folder = join(dir, name);
  const test = testPath(dir, name);
  for (const path of [folder, test]) {
    if (path === folder ? filesOf(path).length > 0 : existsSync(path)) throw thereIsOne(path);
  }
  if (existsSync(join(dir, "../node_modules/@mall", name)))
    throw new CommandError(`the name "${name}" is that of another package, @mall/${name}`, undefined);
}

export function thereIsOne(path: string): CommandError {
  return new CommandError(`${path}: there is one; remove it, or take another name`, undefined);
}

/** Where the test of a service is. */
export function testPath(dir: string, name: string): string {
  return join(dir, "..", "e2e", `${name}.test.ts`);
}

function ownTexts(path: string, contract: OwnContract | undefined): Record<string, string> {
  if (contract === undefined) return {};
  const folder = path.slice(0, path.indexOf("/") + 1);
  const imports = Object.entries(contract.imports).map(([name, text]) => [folder + name, text]);
  return { ...Object.fromEntries(imports), [path]: contract.source };
}

function startTexts(names: ServiceNames): Record<string, string> {
  const { rpc, api } = names;
  const [first] = rpc?.tables ?? [];
  return {
    ...(rpc?.starts === "texts" && rpcOfTexts(names)),
    ...(api?.starts === "texts" && apiOfTexts(names)),
    ...(rpc?.starts === "rows" && first && rpcOfRows(names, first)),
    ...(api?.starts === "rows" && first && apiOfRows(names, first)),
    ...(api?.starts === "greeting" && apiOfGreeting(names)),
  };
}

function refuseTables(own: readonly TableNames[], { tables }: Neighbours): void {
  for (const { table } of own) {
    const owner = tables.get(table);
    if (owner !== undefined)
      throw new CommandError(
        `the table \`${table}\` is kept by ${owner}; all services of a mall share one database`,
        undefined,
      );
  }
}

function refuseRoutes(name: string, texts: Readonly<Record<string, string>>, { routes }: Neighbours): void {
  const fileName = `${name}.api`;
  const read = (path: string) => {
    const source = texts[`api/${path}`];
    return source === undefined ? undefined : { path, source };
  };
  for (const route of parseApi(texts[`api/${fileName}`] ?? "", fileName, read).routes) {
    const owner = routes.get(routeKey(route));
    if (owner !== undefined)
      throw new CommandError(
        `${route.method} ${route.path} is served by ${owner}; all services of a mall share one gateway`,
        undefined,
      );
  }
}
