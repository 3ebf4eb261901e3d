import type { Logger } from "@mall/kit/log";
import { type Observer, watchClock } from "@mall/kit/observe";
import type { Breakers } from "@mall/kit/resilience";
import type { Runtime } from "@mall/kit/runtime";
import { type Database, openDatabase, parseDataSource, readServerClock, serverText } from "@mall/kit/store";

/** The databases of a process, each opened once. */
export interface Databases {
  readonly open: (dataSource: string) => Promise<Database>;
  close(): Promise<void>;
}

interface DatabasesOptions {
  readonly runtime: Runtime;
  readonly log: Logger;
  readonly observer: Observer;
  readonly breakers: Breakers;
}

/** Opens databases, each when it is first asked for. */
export function createDatabases(options: DatabasesOptions): Databases {
  const opened = new Map<string, Promise<Database>>();
  return {
    open: (dataSource) => {
      const known = opened.get(dataSource);
      if (known !== undefined) return known;
      const database = openWatched(dataSource, options);
      opened.set(dataSource, database);
      return database;
    },
    close: async () => {
      for (const database of await Promise.allSettled(opened.values())) {
        if (database.status === "fulfilled") await database.value.close();
      }
    },
  };
}

/** Its server has a clock of its own; SQLite, which has this machine's, tells none. */
async function openWatched(dataSource: string, options: DatabasesOptions): Promise<Database> {
  const { runtime, observer, breakers } = options;
  const database = await openDatabase({ dataSource, runtime, observer, breakers });
  const source = parseDataSource(dataSource);
  const address = source.dialect === "sqlite" ? source.path : serverText(source.address);
  const look = watchClock({ address, ask: () => readServerClock(database) }, options);
  await look();
  return database;
}
