import { loadConfig } from "@mall/kit/config";
import type { Runtime } from "@mall/kit/context";
import { noopObserver } from "@mall/kit/observe";
import { createRpcServer } from "@mall/kit/rpc";
import { assertSchemaCurrent } from "@mall/kit/store";
import type { RpcProcess, RpcProcessConfig } from "./definitions.ts";
import { createNetworkPlacement } from "./network-placement.ts";
import { createProcessLog } from "./process-log.ts";
import { DRAIN_MS, type RunningProcess } from "./running-process.ts";

/**
 * Starts one gRPC process of the mall by its configuration file, its neighbours over the network.
 *
 * @throws AppError FAILED_PRECONDITION with one line that says what to do: the file, the database, its
 * schema, the port.
 */
export async function serveRpc<Config extends RpcProcessConfig, Client>(
  process: RpcProcess<Config, Client>,
  configPath: string,
  runtime: Runtime,
): Promise<RunningProcess> {
  const config = loadConfig(configPath, process.config);
  const log = createProcessLog(config);
  const placement = createNetworkPlacement(runtime, log, noopObserver);
  try {
    await assertSchemaCurrent(await placement.database(config.Mysql.DataSource), process.migrations);
    const server = createRpcServer({ runtime, log, timeoutMs: config.Timeout });
    server.add(process.service, await process.build(config, placement));
    const address = await server.start(config.ListenOn);
    if (config.Etcd !== undefined) {
      log.warn(
        { key: config.Etcd.Key },
        "etcd registration comes later: peers reach this process by Endpoints",
      );
    }
    return {
      addresses: [{ name: process.name, url: address }],
      stop: async () => {
        await server.stop(DRAIN_MS);
        await placement.close();
      },
    };
  } catch (error) {
    await placement.close();
    throw error;
  }
}
