import { readConfig } from "@mall/kit/config";
import { startObservability } from "@mall/kit/observe";
import { createRestServer } from "@mall/kit/rest";
import type { Runtime } from "@mall/kit/runtime";
import type { Companions } from "./companions.ts";
import type { ApiProcess, ApiProcessConfig } from "./definitions.ts";
import { logExposures } from "./exposures.ts";
import { logNotes } from "./log-notes.ts";
import { createNetworkPlacement } from "./network-placement.ts";
import { restSwitches } from "./observer-switches.ts";
import { apiExposures } from "./own-exposures.ts";
import { createProcessLog } from "./process-log.ts";
import { createBreakers, createShedder } from "./protection.ts";
import { restLimits } from "./rest-limits.ts";
import type { RunningProcess } from "./running-process.ts";
import { stopInTime } from "./stop-in-time.ts";
import { wrapUp } from "./wrap-up.ts";

/** How long the start waits to learn whose tokens are revoked; without an answer it goes on. */
const REVOKED_MS_MAX = 3_000;

const NOBODY_TELLS =
  "UserRpc is not set, so this process does not learn whose tokens are revoked, and takes them until they expire: " +
  "name the user rpc";

/**
 * Starts one HTTP process of the mall by its configuration file, its rpc over the network unless it is a companion.
 *
 * @throws AppError FAILED_PRECONDITION with one line that says what to do: the file, the port.
 */
export async function serveApi<Config extends ApiProcessConfig>(
  process: ApiProcess<Config>,
  configPath: string,
  runtime: Runtime,
  companions?: Companions,
): Promise<RunningProcess> {
  const { config, notes } = readConfig(configPath, process.config);
  const log = createProcessLog(config);
  logNotes(log, configPath, notes);
  logExposures(log, apiExposures(process, config));
  const shown = await startObservability({ config, runtime, log, accessLog: true });
  const watched = { runtime, log, observer: shown.observer };
  const breakers = createBreakers(watched);
  const placement = createNetworkPlacement({ ...watched, breakers, companions });
  const close = async (): Promise<void> => {
    await placement.close();
    await shown.stop();
  };
  try {
    const source = process.revoked(config, placement);
    if (source === undefined) log.warn({}, NOBODY_TELLS);
    else placement.revocations.follow(source);
    const server = createRestServer({
      runtime,
      log,
      observer: shown.observer.narrow(restSwitches(config)),
      breakers: config.Middlewares.Breaker ? breakers : undefined,
      shedder: config.Middlewares.Shedding ? createShedder(config, watched) : undefined,
      host: config.Host,
      port: config.Port,
      routes: await process.build(config, placement),
      pages: process.pages?.(config),
      accessSecret: config.Auth.AccessSecret,
      isRevoked: placement.revocations.isRevoked,
      ...restLimits(config),
    });
    const probe = shown.health.probe(`rest-${config.Host}:${config.Port}`);
    placement.watchNeighbours((name, look) => {
      // What another service's rpc is asked for is part of the work at most; the process serves without it.
      if (name === ownRpc(process.name)) shown.health.depend(name, look);
    });
    await placement.ready();
    await placement.revocations.known(REVOKED_MS_MAX);
    const url = await server.start();
    probe.ready = true;
    return {
      addresses: [...shown.addresses, { name: process.name, url }],
      stop: () =>
        stopInTime(watched, config.Shutdown.WaitTime, async () => {
          probe.ready = false;
          server.leave();
          await server.stop(await wrapUp(runtime, config.Shutdown));
          await close();
        }),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The configuration's block for the rpc of an api's own service: `PayRpc` of `pay.api`. */
function ownRpc(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1, name.indexOf("."))}Rpc`;
}
