/**
 * How a MySQL or MariaDB server of this version (`SELECT VERSION()`) locks rows that nobody else has locked: since
 * MySQL 8 and MariaDB 10.6 it passes the others over, older ones wait for them.
 */
export function lockClause(version: string): string {
  const [, major = "", minor = ""] =
    /(\d+)\.(\d+)\.\d+-MariaDB/i.exec(version) ?? /^(\d+)\.(\d+)/.exec(version) ?? [];
  const oldest = /mariadb/i.test(version) ? [10, 6] : [8, 0];
  const [oldestMajor = 0, oldestMinor = 0] = oldest;
  const skips =
    Number(major) > oldestMajor || (Number(major) === oldestMajor && Number(minor) >= oldestMinor);
  return skips ? " FOR UPDATE SKIP LOCKED" : " FOR UPDATE";
}
