import { join } from "node:path";
import { readConfig } from "@mall/kit/config";
import { createNetworkTransport, reachedHere } from "@mall/kit/http";
import {
  createProcessLog,
  logExposures,
  logNotes,
  type RunningProcess,
  sandboxExposure,
  stopInTime,
  wrapUp,
} from "@mall/kit/process";
import { createRestServer, joinOpenApi } from "@mall/kit/rest";
import type { Runtime } from "@mall/kit/runtime";
import { prepareDataDir } from "../all-in-one/data-dir.ts";
import { sandboxBankConfig } from "./config.ts";
import { openSandbox } from "./open-sandbox.ts";

/** As in the api processes, but for the time: the bank can be made slow. */
const TIMEOUT_MS = 0;
const BODY_BYTES_MAX = 1_048_576;
const CONCURRENT_MAX = 10_000;

/**
 * Starts a sandbox bank in this process, for malls in others.
 *
 * @throws AppError FAILED_PRECONDITION with one line that says what to do: the file, the data folder, the port.
 */
export async function startSandbox(configPath: string, runtime: Runtime): Promise<RunningProcess> {
  const { config, notes } = readConfig(configPath, sandboxBankConfig);
  const log = createProcessLog(config);
  logNotes(log, configPath, notes);
  logExposures(log, sandboxExposure(config.Host, "let it listen on 127.0.0.1 or where none but testers are"));
  prepareDataDir(config.DataDir);
  let address = "";
  const sandbox = await openSandbox({
    appId: config.AppId,
    secret: config.Secret,
    dataSource: `sqlite:${join(config.DataDir, "sandbox.db")}`,
    publicUrl: () => config.PublicUrl || reachedHere(address),
    runtime,
    http: createNetworkTransport({ runtime }),
    log,
  });
  const server = createRestServer({
    runtime,
    log,
    host: config.Host,
    port: config.Port,
    routes: sandbox.routes,
    timeoutMs: TIMEOUT_MS,
    bodyBytesMax: BODY_BYTES_MAX,
    concurrentMax: CONCURRENT_MAX,
    docs: { openApi: joinOpenApi({ title: "sandbox", version: "0.1.0" }, sandbox.openApi) },
  });
  const { WaitTime } = config.Shutdown;
  try {
    address = await server.start();
    await sandbox.start();
  } catch (error) {
    await sandbox.close();
    throw error;
  }
  return {
    addresses: [{ name: "sandbox", url: address }],
    stop: () =>
      stopInTime({ runtime, log }, WaitTime, async () => {
        server.leave();
        await server.stop(await wrapUp(runtime, config.Shutdown));
        await sandbox.close();
      }),
  };
}
