import type { RawRow, Statement } from "../statement.ts";

/** What of its servers' kinds the store must know. */
export interface MysqlServer {
  /** Whether `INSERT … RETURNING` is understood: MariaDB since 10.5. */
  readonly returnsInserted: boolean;
  /** Whether it is a node of a Galera cluster, whose others know of a commit before this one has applied it. */
  readonly isGalera: boolean;
}

/** SHOW, since a Galera node outside of its primary component answers nothing else. */
export const READ_SERVER: Statement = {
  sql: "SHOW VARIABLES WHERE Variable_name IN ('version', 'wsrep_on')",
  parameters: [],
};

/** The oldest MariaDB that returns what it inserted. */
const RETURNING_SINCE = [10, 5] as const;

/** Reads the answer to READ_SERVER. */
export function mysqlServer(rows: readonly RawRow[]): MysqlServer {
  const variables = new Map(rows.map((row) => [String(row.Variable_name).toLowerCase(), String(row.Value)]));
  return {
    returnsInserted: isMariadbSince(variables.get("version") ?? "", RETURNING_SINCE),
    isGalera: variables.get("wsrep_on") === "ON",
  };
}

/** `10.11.19-MariaDB-0+deb12u1`; behind some proxies `5.5.5-10.11.19-MariaDB`. */
function isMariadbSince(version: string, [oldestMajor, oldestMinor]: readonly [number, number]): boolean {
  const [, major, minor] = /(\d+)\.(\d+)\.\d+-MariaDB/i.exec(version) ?? [];
  if (major === undefined) return false;
  return Number(major) > oldestMajor || (Number(major) === oldestMajor && Number(minor) >= oldestMinor);
}
