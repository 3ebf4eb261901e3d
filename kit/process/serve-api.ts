import { readConfig } from "@mall/kit/config";
import type { Runtime } from "@mall/kit/context";
import { startObservability } from "@mall/kit/observe";
import { createRestServer } from "@mall/kit/rest";
import type { ApiProcess, ApiProcessConfig } from "./definitions.ts";
import { logExposures, secretExposure } from "./exposures.ts";
import { logNotes } from "./log-notes.ts";
import { createNetworkPlacement } from "./network-placement.ts";
import { restSwitches } from "./observer-switches.ts";
import { createProcessLog } from "./process-log.ts";
import { createBreakers, createShedder } from "./protection.ts";
import { restLimits } from "./rest-limits.ts";
import type { RunningProcess } from "./running-process.ts";
import { stopInTime } from "./stop-in-time.ts";
import { wrapUp } from "./wrap-up.ts";

/**
 * Starts one HTTP process of the mall by its configuration file, its rpc over the network.
 *
 * @throws AppError FAILED_PRECONDITION with one line that says what to do: the file, the port.
 */
export async function serveApi<Config extends ApiProcessConfig>(
  process: ApiProcess<Config>,
  configPath: string,
  runtime: Runtime,
): Promise<RunningProcess> {
  const { config, notes } = readConfig(configPath, process.config);
  const log = createProcessLog(config);
  logNotes(log, configPath, notes);
  logExposures(log, secretExposure("Auth.AccessSecret", config.Auth.AccessSecret, config.Mode));
  const shown = await startObservability({ config, runtime, log, accessLog: true });
  const watched = { runtime, log, observer: shown.observer };
  const breakers = createBreakers(watched);
  const placement = createNetworkPlacement({ ...watched, breakers });
  const close = async (): Promise<void> => {
    await placement.close();
    await shown.stop();
  };
  try {
    const server = createRestServer({
      runtime,
      log,
      observer: shown.observer.narrow(restSwitches(config)),
      breakers: config.Middlewares.Breaker ? breakers : undefined,
      shedder: config.Middlewares.Shedding ? createShedder(config, watched) : undefined,
      host: config.Host,
      port: config.Port,
      routes: await process.build(config, placement),
      accessSecret: config.Auth.AccessSecret,
      ...restLimits(config),
    });
    const probe = shown.health.probe(`rest-${config.Host}:${config.Port}`);
    placement.watchNeighbours((name, look) => shown.health.depend(name, look));
    await placement.ready();
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
