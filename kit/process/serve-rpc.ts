import { readConfig } from "@mall/kit/config";
import { startObservability } from "@mall/kit/observe";
import { createRpcServer } from "@mall/kit/rpc";
import type { Runtime } from "@mall/kit/runtime";
import type { Companions } from "./companions.ts";
import type { RpcProcess, RpcProcessConfig } from "./definitions.ts";
import { logExposures } from "./exposures.ts";
import { logNotes } from "./log-notes.ts";
import { createNetworkPlacement } from "./network-placement.ts";
import { rpcServerSwitches } from "./observer-switches.ts";
import { rpcExposures } from "./own-exposures.ts";
import { createProcessLog } from "./process-log.ts";
import { createBreakers, createShedder } from "./protection.ts";
import { type OwnedRpcAuth, openRpcAuth } from "./rpc-auth.ts";
import { openRpcListener, serverOutside } from "./rpc-listener.ts";
import type { RunningProcess } from "./running-process.ts";
import { stopInTime } from "./stop-in-time.ts";

/** What a job that goes on has to end once the last call has been answered, milliseconds. */
const JOBS_GRACE_MS = 400;

/**
 * Starts one gRPC process of the mall by its configuration file, its neighbours over the network, but for companions
 * that it is configured to call; it becomes one itself.
 *
 * @throws AppError FAILED_PRECONDITION with one line that says what to do: the file, the database, its
 * schema, the port, etcd.
 */
export async function serveRpc<Config extends RpcProcessConfig, Client>(
  process: RpcProcess<Config, Client>,
  configPath: string,
  runtime: Runtime,
  companions?: Companions,
): Promise<RunningProcess> {
  const { config, notes } = readConfig(configPath, process.config);
  const log = createProcessLog(config);
  logNotes(log, configPath, notes);
  logExposures(log, rpcExposures(process, config));
  const shown = await startObservability({ config, runtime, log, accessLog: true });
  const watched = { runtime, log, observer: shown.observer };
  const breakers = createBreakers(watched);
  const placement = createNetworkPlacement({ ...watched, breakers, jobs: config.Jobs, companions });
  let auth: OwnedRpcAuth | undefined;
  const close = async (): Promise<void> => {
    auth?.close();
    await placement.close();
    await shown.stop();
  };
  try {
    auth = await openRpcAuth(config, runtime);
    const database = await placement.database(config.Mysql.DataSource);
    // Loaded with the database: see createStorage.
    const { assertSchemaCurrent } = await import("@mall/kit/store");
    for (const set of process.migrations) await assertSchemaCurrent(database, set);
    shown.health.depend("database", () => database.writeTrouble());
    const server = createRpcServer({
      runtime,
      log,
      timeoutMs: config.Timeout,
      methodTimeoutsMs: new Map(config.MethodTimeouts.map((each) => [each.FullMethod, each.Timeout])),
      auth,
      observer: shown.observer.narrow(rpcServerSwitches(config)),
      breakers: config.Middlewares.Breaker ? breakers : undefined,
      shedder: createShedder(config, watched),
      ...serverOutside(config, process.contract),
      works: () => shown.health.works(),
    });
    const implementation = await process.build(config, placement);
    server.add(process.service, implementation);
    const probe = shown.health.probe(`zrpc-${config.ListenOn}`);
    await placement.ready();
    const listener = await openRpcListener(server, config, { runtime, log });
    probe.ready = true;
    companions?.add(process.service, {
      ...watched,
      name: process.name,
      config,
      address: listener.address,
      implementation,
      observer: shown.observer.narrow(rpcServerSwitches(config)),
      // Over the network no more would be learned of it.
      trouble: async () => (!config.Health || (await shown.health.works()) ? undefined : "it cannot work"),
    });
    placement.startJobs();
    return {
      addresses: [...shown.addresses, { name: process.name, url: listener.address }],
      stop: () =>
        stopInTime(watched, config.Shutdown.WaitTime, async () => {
          probe.ready = false;
          await listener.stop();
          await placement.drainJobs(JOBS_GRACE_MS);
          await close();
        }),
    };
  } catch (error) {
    await close();
    throw error;
  }
}
