import type { Runtime } from "@mall/kit/context";
import { AppError } from "@mall/kit/errors";
import type { Logger } from "@mall/kit/log";
import type { Observer } from "@mall/kit/observe";
import { connectRpcClient } from "@mall/kit/rpc";
import { createDatabases } from "./databases.ts";
import type { Placement } from "./placement.ts";

/** A placement that must be closed when its process stops. */
export type OwnedPlacement = Placement & { close(): Promise<void> };

/** The split placement: every neighbour is a network away. */
export function createNetworkPlacement(runtime: Runtime, log: Logger, observer: Observer): OwnedPlacement {
  const databases = createDatabases(runtime);
  const connections: { close(): void }[] = [];
  return {
    runtime,
    log,
    observer,
    database: databases.open,
    client: (definition, config, origin) => {
      if (config.Endpoints.length === 0) throw unreachable(origin, config.Etcd !== undefined);
      const connection = connectRpcClient({
        definition,
        endpoints: config.Endpoints,
        timeoutMs: config.Timeout,
        runtime,
      });
      connections.push(connection);
      return connection.client;
    },
    close: async () => {
      for (const connection of connections) connection.close();
      await databases.close();
    },
  };
}

function unreachable(origin: string, hasEtcd: boolean): AppError {
  const why = hasEtcd ? "discovery through etcd comes later" : "it names no instance";
  return new AppError(
    "FAILED_PRECONDITION",
    "CONFIG_UNUSABLE",
    `${origin}: ${why}; add Endpoints, e.g. Endpoints: [127.0.0.1:9000]`,
  );
}
