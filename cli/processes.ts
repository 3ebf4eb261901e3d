import {
  type AnyApiProcess,
  type Companions,
  type RunningProcess,
  serveApi,
  serveRpc,
} from "@mall/kit/process";
import type { Runtime } from "@mall/kit/runtime";
import { findServices } from "./services.ts";

/** Starts one of them by its configuration file. */
export type Serve = (configPath: string, runtime: Runtime, companions: Companions) => Promise<RunningProcess>;

/**
 * The processes of the split placement, by the name that `mall serve` takes, neighbours before those who call them.
 * Each is read when it is served: one does not start with all the others.
 */
export async function findProcesses(): Promise<ReadonlyMap<string, Serve>> {
  const services = await findServices();
  return new Map<string, Serve>([
    ...services.map(({ name, rpc }): [string, Serve] => [
      `${name}.rpc`,
      async (...own) => serveRpc(await rpc(), ...own),
    ]),
    ...services.map(({ name, api }): [string, Serve] => [
      `${name}.api`,
      async (...own) => serveApi(await withPages(await api()), ...own),
    ]),
  ]);
}

/** Of the eight only the pay api may serve one. */
async function withPages(process: AnyApiProcess): Promise<AnyApiProcess> {
  if (process.name !== "pay.api") return process;
  return (await import("./pages/cashier-pages.ts")).withCashier(process);
}
