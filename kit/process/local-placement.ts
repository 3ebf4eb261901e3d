import type { Runtime } from "@mall/kit/context";
import type { Logger } from "@mall/kit/log";
import { bindLocalClient, type ServiceDefinition } from "@mall/kit/rpc";
import { createDatabases } from "./databases.ts";
import type { OwnedPlacement } from "./network-placement.ts";

/** The all-in-one placement: every neighbour lives in this process. */
export interface LocalPlacement extends OwnedPlacement {
  /** Makes a service's implementation the one that `client` binds to; before anybody asks for it. */
  provide<Client>(definition: ServiceDefinition<Client>, implementation: Client): void;
}

export interface LocalPlacementOptions {
  readonly runtime: Runtime;
  readonly log: Logger;
  /** What a served method may take, milliseconds (go-zero's server default is 2000). */
  readonly serverTimeoutMs: number;
}

/** A placement whose services are provided one after the other, neighbours before those who call them. */
export function createLocalPlacement(options: LocalPlacementOptions): LocalPlacement {
  const { runtime, log, serverTimeoutMs } = options;
  const databases = createDatabases(runtime);
  const implementations = new Map<object, unknown>();
  return {
    runtime,
    log,
    database: databases.open,
    provide: (definition, implementation) => {
      implementations.set(definition, implementation);
    },
    client: <Client>(definition: ServiceDefinition<Client>, config: { readonly Timeout: number }): Client => {
      if (!implementations.has(definition))
        throw new Error(`${definition.names[0]} is asked for before it is built`);
      // The map pairs each definition with the implementation given for it in `provide`, of the same type.
      const implementation = implementations.get(definition) as Client;
      return bindLocalClient({
        definition,
        implementation,
        clientTimeoutMs: config.Timeout,
        serverTimeoutMs,
        runtime,
        log,
      });
    },
    close: databases.close,
  };
}
