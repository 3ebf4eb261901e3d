import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type PrivateMariadb, startPrivateMariadb, whyNoPrivateMariadb } from "@mall/kit/testing";
import { type After, playOnBoth, RealServer, type Step } from "./test-histories.ts";

type Line = readonly [session: number, sql: string, ...parameters: (string | number | null)[]];

const ROWS = "INSERT INTO item (code, n) VALUES ('a', 1), ('b', 2), ('c', 3)";
const READ = "SELECT id, code, n FROM item ORDER BY id";

/** By title: what must be the same on both servers. */
const HISTORIES: Readonly<Record<string, readonly Line[]>> = {
  "repeatable reads see what was committed at their first look, and their own changes": [
    [0, ROWS],
    [0, "BEGIN"],
    [1, "UPDATE item SET n = 10 WHERE id = 1"],
    [0, READ],
    [1, "UPDATE item SET n = 20 WHERE id = 2"],
    [1, "INSERT INTO item (code) VALUES ('d')"],
    [1, "DELETE FROM item WHERE id = 3"],
    [0, READ],
    [0, "SELECT id, n FROM item WHERE id = 2 FOR UPDATE"],
    [0, READ],
    [0, "UPDATE item SET n = n + 1 WHERE id = 2"],
    [0, READ],
    [0, "COMMIT"],
    [0, READ],
  ],
  "rows behind an offset are counted in the order that was asked for": [
    [0, ROWS],
    [0, "SELECT id, n FROM item ORDER BY id DESC LIMIT ? OFFSET ?", 1, 1],
    [0, "SELECT id FROM item ORDER BY id LIMIT ? OFFSET ?", 5, 2],
    [0, "SELECT id FROM item WHERE n > ? ORDER BY id LIMIT 1 OFFSET 2", 1],
  ],
  "a snapshot is of the moment it began, and writes nothing": [
    [0, ROWS],
    [0, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"],
    [0, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"],
    [1, "UPDATE item SET n = 10 WHERE id = 1"],
    [0, READ],
    [0, "UPDATE item SET n = 11 WHERE id = 1"],
    [0, "ROLLBACK"],
    [0, READ],
  ],
  "read committed sees each commit at once, for one transaction only": [
    [0, ROWS],
    [0, "SET TRANSACTION ISOLATION LEVEL READ COMMITTED"],
    [0, "BEGIN"],
    [0, READ],
    [1, "UPDATE item SET n = 10 WHERE id = 1"],
    [0, READ],
    [0, "SET TRANSACTION ISOLATION LEVEL READ COMMITTED"],
    [0, "COMMIT"],
    [0, "BEGIN"],
    [0, READ],
    [1, "UPDATE item SET n = 11 WHERE id = 1"],
    [0, READ],
    [0, "ROLLBACK"],
  ],
  "who changes a row is waited for, and what it left is what is changed": [
    [0, ROWS],
    [0, "BEGIN"],
    [0, "UPDATE item SET n = n + 5 WHERE id = 1"],
    [1, READ],
    [1, "UPDATE item SET n = n - ? WHERE id = ? AND n >= ?", 6, 1, 6],
    [2, "UPDATE item SET n = n - ? WHERE id = ? AND n >= ?", 6, 1, 6],
    [0, "COMMIT"],
    [0, READ],
  ],
  "a lock that a rollback gives back lets the next in line see the old row": [
    [0, ROWS],
    [0, "BEGIN"],
    [0, "SELECT n FROM item WHERE id = 1 FOR UPDATE"],
    [1, "BEGIN"],
    [1, "SELECT n FROM item WHERE id = 1 FOR UPDATE"],
    [0, "UPDATE item SET n = 9 WHERE id = 1"],
    [0, "ROLLBACK"],
    [1, "UPDATE item SET n = n + 1 WHERE id = 1"],
    [1, "COMMIT"],
    [0, READ],
  ],
  "locked rows are skipped, and no more are locked than are wanted": [
    [0, ROWS],
    [0, "SET TRANSACTION ISOLATION LEVEL READ COMMITTED"],
    [0, "BEGIN"],
    [0, "SELECT id FROM item WHERE kind = 'a' AND n <= 3 ORDER BY n LIMIT 1 FOR UPDATE SKIP LOCKED"],
    [1, "SET TRANSACTION ISOLATION LEVEL READ COMMITTED"],
    [1, "BEGIN"],
    [1, "SELECT id FROM item WHERE kind = 'a' AND n <= 3 ORDER BY n LIMIT 1 FOR UPDATE SKIP LOCKED"],
    [2, "SELECT id FROM item WHERE kind = 'a' AND n <= 3 ORDER BY n LIMIT 5 FOR UPDATE SKIP LOCKED"],
    [0, "UPDATE item SET n = 7 WHERE id IN (1)"],
    [0, "COMMIT"],
    [2, "SELECT id FROM item WHERE kind = 'a' AND n <= 3 ORDER BY n LIMIT 5 FOR UPDATE SKIP LOCKED"],
    [1, "ROLLBACK"],
  ],
  "of two that wait for each other one is broken off, with all that it did": [
    [0, ROWS],
    [0, "BEGIN"],
    [1, "BEGIN"],
    [0, "UPDATE item SET n = 10 WHERE id = 1"],
    [1, "UPDATE item SET n = 20 WHERE id = 2"],
    [0, "UPDATE item SET n = 11 WHERE id = 2"],
    [1, "UPDATE item SET n = 21 WHERE id = 1"],
    [0, "COMMIT"],
    [1, "UPDATE item SET n = 22 WHERE id = 3"],
    [1, "ROLLBACK"],
    [0, READ],
  ],
  "the victim of a deadlock is who has changed less": [
    [0, ROWS],
    [0, "BEGIN"],
    [1, "BEGIN"],
    [0, "UPDATE item SET n = 10 WHERE id = 1"],
    [1, "UPDATE item SET n = 20 WHERE id = 2"],
    [1, "UPDATE item SET n = 30 WHERE id = 3"],
    [1, "INSERT INTO item (code) VALUES ('d')"],
    [0, "UPDATE item SET n = 11 WHERE id = 2"],
    [1, "UPDATE item SET n = 21 WHERE id = 1"],
    [1, "COMMIT"],
    [0, READ],
  ],
  "without autocommit a transaction begins with its first statement": [
    [0, ROWS],
    [1, "SET SESSION autocommit = 0"],
    [1, READ],
    [1, "UPDATE item SET n = 10 WHERE id = 1"],
    [0, READ],
    [1, "ROLLBACK"],
    [1, "UPDATE item SET n = n + 1 WHERE id = 2"],
    [1, "COMMIT"],
    [0, "UPDATE item SET n = n + 1 WHERE id = 2"],
    [1, READ],
    [1, "COMMIT"],
    [0, READ],
  ],
  "a lock wait that takes too long undoes its statement and nothing else": [
    [0, ROWS],
    [0, "BEGIN"],
    [0, "UPDATE item SET n = 10 WHERE id = 2"],
    [1, "SET SESSION innodb_lock_wait_timeout = 1"],
    [1, "BEGIN"],
    [1, "UPDATE item SET n = 30 WHERE id = 3"],
    [1, "UPDATE item SET n = n + 1 WHERE id IN (1, 2)"],
    [1, READ],
    [1, "COMMIT"],
    [0, "COMMIT"],
    [0, READ],
  ],
  "a twin that is not committed yet is waited for, and then in the way": [
    [0, "BEGIN"],
    [0, "INSERT INTO item (code) VALUES ('x')"],
    [1, "INSERT INTO item (code) VALUES ('x')"],
    [2, "INSERT IGNORE INTO item (code) VALUES ('x')"],
    [0, "COMMIT"],
    [0, READ],
    [1, "INSERT INTO item (code) VALUES ('y')"],
  ],
  "a twin that is rolled back is not in the way": [
    [0, "BEGIN"],
    [0, "INSERT INTO item (code) VALUES ('x')"],
    [1, "INSERT INTO item (code) VALUES ('x')"],
    [0, "ROLLBACK"],
    [0, READ],
  ],
  "a row that is about to be removed is waited for before its key is taken": [
    [0, ROWS],
    [0, "BEGIN"],
    [0, "DELETE FROM item WHERE id = 1"],
    [1, "INSERT INTO item (code, n) VALUES ('a', 5)"],
    [0, "COMMIT"],
    [0, READ],
  ],
  "of two twins of one that is rolled back, one is broken off, whichever": [
    [0, "BEGIN"],
    [0, "INSERT INTO item (code) VALUES ('x')"],
    [1, "BEGIN"],
    [1, "INSERT INTO item (code) VALUES ('x')"],
    [2, "BEGIN"],
    [2, "INSERT INTO item (code) VALUES ('x')"],
    [0, "ROLLBACK"],
  ],
  "ids are not given back by what is undone, ignored or refused": [
    [0, "INSERT INTO item (code) VALUES ('a'), ('b')"],
    [0, "BEGIN"],
    [0, "INSERT INTO item (code) VALUES ('c')"],
    [0, "ROLLBACK"],
    [0, "INSERT INTO item (code) VALUES ('a')"],
    [0, "INSERT IGNORE INTO item (code) VALUES ('a')"],
    [0, "INSERT INTO item (code) VALUES ('d'), ('b')"],
    [0, "INSERT INTO item (code) VALUES ('e'), ('f') RETURNING `id`"],
    [0, "INSERT INTO item (id, code) VALUES (40, 'g')"],
    [0, "INSERT INTO item (code) VALUES ('h') RETURNING id, code"],
    [0, READ],
  ],
  "an update counts what it matches, and a time is kept only where something changed": [
    [0, "INSERT INTO item (code, n, update_time) VALUES ('a', 1, '2001-02-03 04:05:06')"],
    [0, "UPDATE item SET n = 1 WHERE code = 'A '"],
    [0, "SELECT update_time FROM item WHERE update_time < '2010-01-01 00:00:00'"],
    [0, "UPDATE item SET n = 2 WHERE CAST(CONVERT(`code` USING utf8mb4) AS BINARY) = CAST(? AS BINARY)", "A"],
    [0, "UPDATE item SET n = 2 WHERE CAST(CONVERT(`code` USING utf8mb4) AS BINARY) = CAST(? AS BINARY)", "a"],
    [0, "SELECT n FROM item WHERE update_time < '2010-01-01 00:00:00'"],
    [0, "UPDATE item SET n = 3, update_time = '2002-01-01 00:00:00' WHERE id = 1"],
    [0, "SELECT update_time FROM item"],
  ],
  "columns are set from left to right": [
    [0, "INSERT INTO item (code, n) VALUES ('a', 1)"],
    [
      0,
      "UPDATE item SET n = CASE WHEN owner IS NULL THEN n + 10 ELSE n END, owner = n, kind = CONCAT('k', owner) WHERE id = 1",
    ],
    [0, "SELECT n, owner, kind FROM item"],
    [0, "UPDATE item SET owner = n + 1, n = CASE WHEN owner > 11 OR n > 100 THEN 5 ELSE 6 END WHERE id = 1"],
    [0, "SELECT n, owner, kind FROM item"],
  ],
  "an amount is taken off each of several rows, or off none that holds less": [
    [0, "INSERT INTO item (code, n) VALUES ('a', 1), ('b', 5), ('c', 9)"],
    [
      0,
      "UPDATE item SET n = n - CASE id WHEN ? THEN ? WHEN ? THEN ? END WHERE id IN (?, ?) AND n >= CASE id WHEN ? THEN ? WHEN ? THEN ? END",
      ...[1, 2, 2, 3, 1, 2, 1, 2, 2, 3],
    ],
    [0, "SELECT id, n FROM item ORDER BY id"],
    [0, "SELECT CASE kind WHEN 'b' THEN 1 WHEN NULL THEN 2 ELSE 3 END AS which FROM item ORDER BY id"],
  ],
  "times lose what their column has no digits for, and are compared with all they have": [
    [0, "INSERT INTO item (code, at) VALUES ('a', '2026-01-01 00:00:00.999'), ('b', NULL)"],
    [0, "SELECT code, at FROM item ORDER BY at"],
    [0, "SELECT code FROM item WHERE at < '2026-01-01 00:00:00.5'"],
    [0, "SELECT code FROM item WHERE at >= '2026-01-01 00:00:00.000'"],
    [0, "SELECT code FROM item WHERE at = '2026-01-01 00:00:00.500'"],
    [0, "UPDATE item SET at = '2026-02-30 00:00:00' WHERE id = 1"],
  ],
  "what a column does not hold is refused": [
    [0, ROWS],
    [0, "UPDATE item SET n = n - 5 WHERE id = 1"],
    [0, "UPDATE item SET n = -1 WHERE id = 1"],
    [0, "UPDATE item SET n = 4294967296 WHERE id = 1"],
    [0, "UPDATE item SET code = NULL WHERE id = 1"],
    [0, "UPDATE item SET code = ? WHERE id = 1", "x".repeat(33)],
    [0, "INSERT INTO item (n) VALUES (1)"],
    [0, "UPDATE item SET code = 'B' WHERE id = 1"],
    [0, "SELECT id FROM item WHERE n - 2 > 0"],
    [0, READ],
  ],
  "rows are grouped, summed up, joined and put in order": [
    [
      0,
      "INSERT INTO item (code, kind, n, owner) VALUES ('a', 'x', 3, NULL), ('b', 'x', 4, 1), ('c', 'y', 5, 2), ('d', 'y', 5, 9)",
    ],
    [0, "SELECT kind, COUNT(*) AS c, SUM(n) AS s, MIN(code) AS m FROM item GROUP BY kind ORDER BY kind DESC"],
    [
      0,
      "SELECT MIN(kind) AS kind, MIN(n) AS n FROM item WHERE kind = 'x' UNION ALL SELECT MIN(kind) AS kind, MIN(n) AS n FROM item WHERE kind = 'z'",
    ],
    [
      0,
      "SELECT a.code AS code, b.code AS owner FROM item a LEFT JOIN item b ON b.id = a.owner WHERE a.id > ? ORDER BY code LIMIT 3",
      0,
    ],
    [
      0,
      "SELECT a.kind AS kind, SUM(b.n) AS s FROM item a JOIN item b ON b.id = a.owner WHERE a.n IN (4, 5) GROUP BY a.kind",
    ],
    [
      0,
      "SELECT id FROM item WHERE n BETWEEN 4 AND 5 AND NOT EXISTS (SELECT 1 FROM item other WHERE other.owner = item.id) ORDER BY n DESC, id",
    ],
    [0, "SELECT id FROM item WHERE (code, kind) IN (('a', 'x'), ('c', 'x'), ('D ', 'Y')) ORDER BY id"],
    [0, "SELECT id FROM item WHERE owner IN (1, NULL) OR NOT (owner = 2)"],
    [0, "SELECT code FROM item WHERE owner IS NOT NULL AND n != 4 ORDER BY n DESC, id DESC"],
  ],
};

/** Where two are woken up at once, a real server's threads decide who comes first. */
function withoutNames({ step, ended, waiting }: After): unknown {
  return {
    step,
    ended: Object.values(ended)
      .map((outcome) => JSON.stringify(outcome).replace(/"insertId":\d+/, ""))
      .toSorted(),
    waiting,
  };
}

describe("the simulated MySQL", { skip: whyNoPrivateMariadb() ?? false }, () => {
  let mariadb: PrivateMariadb;
  let real: RealServer;
  before(async () => {
    mariadb = await startPrivateMariadb();
    real = new RealServer(await mariadb.createDatabase());
  });
  after(async () => {
    real?.close();
    await mariadb?.stop();
  });

  for (const [title, lines] of Object.entries(HISTORIES)) {
    it(`does as MariaDB does: ${title}`, async () => {
      const steps = lines.map(
        ([session, sql, ...parameters]): Step => ({
          session,
          sql,
          parameters,
          untilTimeout: title.includes("too long") && sql.includes("IN (1, 2)"),
        }),
      );
      const both = await playOnBoth(steps, real);
      const isEither = title.includes("whichever");
      assert.deepEqual(
        isEither ? both.simulated.map(withoutNames) : both.simulated,
        isEither ? both.real.map(withoutNames) : both.real,
      );
    });
  }
});
