import { readConfig } from "@mall/kit/config";
import { isEverywhere } from "@mall/kit/http";
import { startObservability } from "@mall/kit/observe";
import { createRestServer } from "@mall/kit/rest";
import type { Runtime } from "@mall/kit/runtime";
import type { Companions } from "./companions.ts";
import type { ApiProcessConfig, ServedApi } from "./definitions.ts";
import { logExposures } from "./exposures.ts";
import type { Front } from "./front.ts";
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
  process: ServedApi<Config>,
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
  let url: string | undefined;
  let front: Front | undefined;
  const placement = createNetworkPlacement({
    ...watched,
    breakers,
    companions,
    pagesUrl: () => (front === undefined || isEverywhere(url ?? "") ? undefined : url),
  });
  const close = async (): Promise<void> => {
    front?.signedIn?.stop();
    await placement.close();
    await shown.stop();
  };
  try {
    const source = process.revoked(config, placement);
    if (source === undefined) log.warn({}, NOBODY_TELLS);
    else placement.revocations.follow(source);
    const routes = await process.build(config, placement);
    front = process.front?.(config, { placement, address: () => url, addresses: shown.addresses });
    const { pages, signedIn, openApi } = front ?? {};
    const server = createRestServer({
      runtime,
      log,
      observer: shown.observer.narrow(restSwitches(config)),
      breakers: config.Middlewares.Breaker ? breakers : undefined,
      shedder: config.Middlewares.Shedding ? createShedder(config, watched) : undefined,
      host: config.Host,
      port: config.Port,
      routes: [...routes, ...(signedIn?.routes(routes) ?? [])],
      pages,
      sessions: signedIn?.sessions,
      docs: openApi && { openApi, health: () => shown.health.report() },
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
    await Promise.all([placement.revocations, signedIn].map((list) => list?.known(REVOKED_MS_MAX)));
    url = await server.start();
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
  const [service = ""] = name.split(".");
  return `${service.charAt(0).toUpperCase()}${service.slice(1)}Rpc`;
}
