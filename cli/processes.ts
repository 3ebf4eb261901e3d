import {
  type AnyApiProcess,
  type Companions,
  type RunningProcess,
  type ServedApi,
  serveApi,
  serveRpc,
} from "@mall/kit/process";
import type { Runtime } from "@mall/kit/runtime";
import type { GatewayConfig } from "./gateway/gateway-config.ts";
import { findServices } from "./services.ts";

/** Starts a process by its configuration file. */
type Serve = (configPath: string, runtime: Runtime, companions: Companions) => Promise<RunningProcess>;

/** A process that `mall serve` may start. */
export interface ServedProcess {
  readonly start: Serve;
  /** The configuration that is shipped with it. */
  readonly file: string;
}

/**
 * The processes of the split placement, by the name that `mall serve` takes, neighbours before those who call them, the
 * gateway for people last.
 * Each is read when it is served: one does not start with all the others.
 */
export async function findProcesses(): Promise<ReadonlyMap<string, ServedProcess>> {
  const services = await findServices();
  return new Map<string, ServedProcess>([
    ...services.flatMap(({ name, rpc }) => entry(`${name}.rpc`, rpc, serveRpc)),
    ...services.flatMap(({ name, api }) =>
      entry(`${name}.api`, api, async (process, ...own) => serveApi(await withPages(process), ...own)),
    ),
    [
      "gateway",
      {
        start: async (...own) => serveApi(await loadGateway(), ...own),
        file: "cli/gateway/etc/gateway.yaml",
      },
    ],
  ]);
}

/** None for a process that a service does not have. */
function entry<Process>(
  name: string,
  load: (() => Promise<Process>) | undefined,
  serve: (process: Process, ...own: Parameters<Serve>) => Promise<RunningProcess>,
): [string, ServedProcess][] {
  if (load === undefined) return [];
  const [service, layer] = name.split(".");
  const file = `services/${service}/${layer}/etc/${service}.yaml`;
  return [[name, { start: async (...own) => serve(await load(), ...own), file }]];
}

async function loadGateway(): Promise<ServedApi<GatewayConfig>> {
  return (await import("./gateway/gateway-process.ts")).gatewayProcess();
}

/** Of the eight only the pay api may serve one. */
async function withPages(process: AnyApiProcess): Promise<AnyApiProcess> {
  if (process.name !== "pay.api") return process;
  return (await import("./pages/cashier-pages.ts")).withCashier(process);
}
