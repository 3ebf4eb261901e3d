import type { Runtime } from "@mall/kit/context";
import type { Observer } from "@mall/kit/observe";
import type { Breakers } from "@mall/kit/resilience";
import { type Database, openDatabase } from "@mall/kit/store";

/** The databases of a process, each opened once. */
export interface Databases {
  readonly open: (dataSource: string) => Promise<Database>;
  close(): Promise<void>;
}

/** Opens databases, each when it is first asked for. */
export function createDatabases(options: {
  readonly runtime: Runtime;
  readonly observer: Observer;
  readonly breakers: Breakers;
}): Databases {
  const opened = new Map<string, Promise<Database>>();
  return {
    open: (dataSource) => {
      const known = opened.get(dataSource);
      if (known !== undefined) return known;
      const database = openDatabase({ dataSource, ...options });
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
