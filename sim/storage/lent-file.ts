import type { SqliteFile } from "@mall/kit/store";
import type { FaultyConnection } from "./faulty-connection.ts";
import type { ProcessStorage } from "./service-database.ts";

/** The connections of one process to a database. */
export interface LentFile extends SqliteFile, ProcessStorage {
  readonly writer: FaultyConnection;
}
