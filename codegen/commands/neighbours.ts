import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseApi } from "../api/index.ts";
import { ContractError } from "../emit/index.ts";
import { readTables } from "../sql/index.ts";
import { filesOf } from "./list-files.ts";
import { readApi } from "./read-contract.ts";

/** What the services beside a new one, and the kit, have taken already. */
export interface Neighbours {
  /** False outside of a mall, where no service `user` is. */
  readonly mall: boolean;
  /** The first free ones. */
  readonly ports: { readonly api: number; readonly rpc: number };
  /** Who keeps a table, by its name: they share one database. */
  readonly tables: ReadonlyMap<string, string>;
  /** Who serves a route, by {@link routeKey}: they share one gateway. */
  readonly routes: ReadonlyMap<string, string>;
}

const FIRST_PORTS = { api: 8004, rpc: 9004 };

/** Looks around in the folder of all services. */
export async function findNeighbours(dir: string): Promise<Neighbours> {
  const names = filesOf(dir);
  const mall = filesOf(join(dir, "user")).includes("service.ts");
  const areas = mall ? filesOf(join(dir, "../kit")) : [];
  const tables = new Map<string, string>();
  const routes = new Map<string, string>();
  let { api, rpc } = FIRST_PORTS;
  for (const name of names) {
    const own = join(dir, name);
    const text = await readFile(join(own, "service.ts"), "utf8").catch(() => "");
    api = Math.max(api, portIn(text, "api") + 1);
    rpc = Math.max(rpc, portIn(text, "rpc") + 1);
    for (const table of await tablesIn(own)) tables.set(table, `the service ${name}`);
    for (const route of await routesIn(own, name)) routes.set(route, `the service ${name}`);
  }
  for (const area of areas)
    for (const table of await tablesIn(join(dir, "../kit", area))) tables.set(table, "the kit");
  return { mall, ports: { api, rpc }, tables, routes };
}

/** Parameters of any name are at one place. */
export function routeKey({ method, path }: { readonly method: string; readonly path: string }): string {
  return `${method} ${path.replace(/:[^/]+/g, ":")}`;
}

function portIn(service: string, part: "api" | "rpc"): number {
  return Number(new RegExp(`ports:\\s*\\{[^}]*\\b${part}:\\s*(\\d+)`).exec(service)?.[1] ?? 0);
}

async function tablesIn(folder: string): Promise<string[]> {
  const model = join(folder, "model");
  const files = filesOf(model).filter((file) => file.endsWith(".sql"));
  const tables = files.map(async (fileName) => {
    const source = await readFile(join(model, fileName), "utf8");
    return unlessBroken(() => readTables({ source, fileName }).map(({ name }) => name));
  });
  return (await Promise.all(tables)).flat();
}

async function routesIn(folder: string, name: string): Promise<string[]> {
  const path = join(folder, "api", `${name}.api`);
  if (!existsSync(path)) return [];
  const { source, fileName, readImport } = readApi(path);
  return unlessBroken(() => parseApi(source, fileName, readImport).routes.map(routeKey));
}

/** What is wrong with the contract of another service is told when that one is generated. */
function unlessBroken(read: () => string[]): string[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof ContractError) return [];
    throw error;
  }
}
