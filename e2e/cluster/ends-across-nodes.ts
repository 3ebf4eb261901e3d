import assert from "node:assert/strict";
import { it } from "node:test";
import type { Database, TransactionEnd } from "@mall/kit/store";
import type { TestGalera } from "@mall/kit/testing";
import { until } from "@mall/kit/testing";
import { isolateNode } from "./isolate-node.ts";

/** Transactions at once on each node. */
const WRITERS = 4;
/** Rows that they meet at. */
const COUNTERS = 8;
/** Longest wait for a cluster to leave a node out or take it in again, milliseconds; it copies its data then. */
const CLUSTER_MS_MAX = 60_000;

/** What transactions are told of their end; `openAll` gives a handle on each node to a new database. */
export function testEndsAcrossNodes(openAll: () => Promise<Database[]>, cluster: () => TestGalera): void {
  it("what is told to be committed is on every node and what is told to be rolled back on none, whoever is cut off", async () => {
    const databases = await openAll();
    const [one = assert.fail(), , last = assert.fail()] = databases;
    const node = cluster().nodes[2] ?? assert.fail();
    await prepare(one);
    const ends = new Map<string, TransactionEnd>();
    const writing = new Writing(ends);
    const work = databases.flatMap((database, index) =>
      Array.from({ length: WRITERS }, (_, writer) => writing.run(database, `${index}-${writer}`)),
    );
    try {
      await writing.untilWritten(100);
      await isolateNode(node, true);
      await untilStatus(one, "wsrep_cluster_size", "2");
      await isolateNode(node, false);
      await untilStatus(one, "wsrep_cluster_size", "3");
      await untilStatus(last, "wsrep_local_state_comment", "Synced");
      await writing.untilWritten(100);
    } finally {
      writing.stop();
      await Promise.all(work);
    }
    for (const database of databases) await assertAsTold(database, ends);
    assert.ok([...ends.values()].includes("rolledBack"), "no two of them ever met");
  });
}

async function prepare(database: Database): Promise<void> {
  const tables = [
    "CREATE TABLE entry (id bigint AUTO_INCREMENT PRIMARY KEY, name varchar(32) NOT NULL)",
    "CREATE TABLE counter (id int PRIMARY KEY, entries int NOT NULL)",
  ];
  for (const sql of tables) await database.write({ sql, parameters: [] });
  for (let id = 0; id < COUNTERS; id += 1) {
    await database.write({ sql: "INSERT INTO counter VALUES (?, 0)", parameters: [id] });
  }
}

/** Transactions that each write an entry with a name of its own, at each try another, and count it. */
class Writing {
  readonly #ends: Map<string, TransactionEnd>;
  #committed = 0;
  #isOver = false;
  #tries = 0;

  constructor(ends: Map<string, TransactionEnd>) {
    this.#ends = ends;
  }

  async run(database: Database, writer: string): Promise<void> {
    while (!this.#isOver) await this.#write(database, writer).catch(() => {});
  }

  stop(): void {
    this.#isOver = true;
  }

  /** Resolves once so many more were committed. */
  async untilWritten(count: number): Promise<void> {
    const wanted = this.#committed + count;
    await until(`${wanted} transactions are committed`, () => this.#committed, {
      holds: (committed) => committed >= wanted,
      withinMs: CLUSTER_MS_MAX,
    });
  }

  async #write(database: Database, writer: string): Promise<void> {
    await database.transaction(async (tx) => {
      this.#tries += 1;
      const name = `${writer}-${this.#tries}`;
      tx.afterEnd(async (end) => void this.#ends.set(name, end));
      await tx.write({ sql: "INSERT INTO entry (name) VALUES (?)", parameters: [name] });
      const counter = this.#tries % COUNTERS;
      await tx.write({ sql: "UPDATE counter SET entries = entries + 1 WHERE id = ?", parameters: [counter] });
    });
    this.#committed += 1;
  }
}

async function assertAsTold(database: Database, ends: ReadonlyMap<string, TransactionEnd>): Promise<void> {
  const rows = await database.read({ sql: "SELECT name FROM entry", parameters: [] });
  const names = new Set(rows.map(({ name }) => String(name)));
  const told = [...ends].filter(
    ([name, end]) => end !== "unknown" && (end === "committed") !== names.has(name),
  );
  assert.deepEqual(told, []);
  const [sum] = await database.read({ sql: "SELECT SUM(entries) AS entries FROM counter", parameters: [] });
  assert.equal(Number(sum?.entries), names.size);
}

async function untilStatus(database: Database, name: string, wanted: string): Promise<void> {
  const sql = `SHOW STATUS LIKE '${name}'`;
  const read = async (): Promise<string> => String((await database.read({ sql, parameters: [] }))[0]?.Value);
  await until(`${name} is ${wanted}`, read, { holds: (value) => value === wanted, withinMs: CLUSTER_MS_MAX });
}
