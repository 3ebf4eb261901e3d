import type { MysqlSource } from "./data-source.ts";
import { readServerZone } from "./mysql/server-zone.ts";
import type { StatementRunner } from "./statement.ts";
import { DAY_MS, zoneOffset } from "./time-text.ts";

/** By which clocks programs in Go write to and read from a database, and what the server has by itself. */
export interface DatabaseZones {
  /** Zone of the wall clock on the program's side: `loc`. */
  readonly loc: string;
  /** Zone of the program's sessions, as the data source or the server says it: `SYSTEM`, `+08:00`. */
  readonly session: string;
  /** Zone of the server's machine, in its words: `CST`. */
  readonly system: string;
  /** By how much the clock of `loc` is ahead of the session's in the course of a year, milliseconds: least and most. */
  readonly aheadMs: { readonly min: number; readonly max: number };
}

const DAYS = 366;

/** Reads them; errors as in StatementRunner. */
export async function readDatabaseZones(
  runner: Pick<StatementRunner, "read">,
  source: MysqlSource,
  now: number,
): Promise<DatabaseZones> {
  const [row] = await runner.read({ sql: "SELECT @@global.system_time_zone AS zone", parameters: [] });
  const { name, offsetAt } = await readServerZone(runner, source, now);
  const loc = zoneOffset(source.zone);
  const ahead = Array.from({ length: DAYS }, (_, day) => {
    const at = now + day * DAY_MS;
    return loc(at) - offsetAt(at);
  });
  return {
    loc: source.zone,
    session: name,
    system: String(row?.zone),
    aheadMs: { min: Math.min(...ahead), max: Math.max(...ahead) },
  };
}
