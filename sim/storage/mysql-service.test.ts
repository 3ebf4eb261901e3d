import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Runtime } from "@mall/kit/runtime";
import type { Database, MigrationSet, Statement, TransactionEnd } from "@mall/kit/store";
import type { FaultKind } from "../faults/index.ts";
import { Kernel } from "../kernel/index.ts";
import { MysqlService } from "./mysql-service.ts";

const TABLE: MigrationSet = {
  owner: "note",
  migrations: [
    {
      name: "0001",
      sqlite: [],
      mysql: [
        "CREATE TABLE `note` (`id` bigint unsigned NOT NULL AUTO_INCREMENT, `text` varchar(16) NOT NULL, " +
          "PRIMARY KEY (`id`), UNIQUE KEY `uk_text` (`text`))",
      ],
    },
  ],
};

const START_MS = Date.UTC(2026, 0, 1);
const service = await MysqlService.create("note", [TABLE]);

function openWorld(seed = 1) {
  const kernel = new Kernel(seed);
  service.reset([], { kernel, startMs: START_MS });
  return kernel;
}

/** A life of a process that dies at its nth event (0: never) and meets these faults, once each; more may be added. */
function openProcess(
  kernel: Kernel,
  index: number,
  { diesAt = 0, faults = [] }: { diesAt?: number; faults?: FaultKind[] } = {},
) {
  let events = 0;
  const owner = {
    alive: true,
    survives() {
      events += 1;
      if (events !== diesAt) return true;
      this.alive = false;
      service.lend(index).abandon();
      return false;
    },
  };
  const runtime: Runtime = {
    now: () => START_MS + kernel.now,
    elapsed: () => kernel.now,
    randomBytes: (length) => Buffer.alloc(length),
    setTimer: (callback, delayMs) => {
      const timer = kernel.schedule(delayMs, callback, owner);
      return { clear: () => timer.cancel() };
    },
    setImmediate: (callback) => {
      kernel.schedule(0, callback, owner);
    },
  };
  const strikes = (kind: FaultKind): boolean => {
    if (faults[0] !== kind) return false;
    faults.shift();
    return true;
  };
  const host = { runtime, turn: () => kernel.pause(1, owner), strikes };
  const refusal = () => (strikes("databaseBusy") ? ("busy" as const) : undefined);
  return { database: service.lend(index).open(host, refusal), events: () => events };
}

function insert(text: string): Statement {
  return { sql: "INSERT INTO note (text) VALUES (?)", parameters: [text] };
}

function notes(): string {
  return service
    .read<{ text: string }>("SELECT text FROM note ORDER BY id")
    .map(({ text }) => text)
    .join();
}

/** Writes two notes in one transaction and tells how that ended for the process. */
async function writeTwo(database: Database): Promise<{ told: string; ends: TransactionEnd[] }> {
  const ends: TransactionEnd[] = [];
  const told = await database
    .transaction(async (tx) => {
      tx.afterEnd(async (end) => {
        ends.push(end);
      });
      await tx.write(insert("one"));
      await tx.write(insert("two"));
    })
    .then(
      () => "done",
      (error: Error) => error.message,
    );
  return { told, ends };
}

describe("MySQL under a process that may die", () => {
  it("drops what was not committed and keeps what was, at whichever await the process dies", async () => {
    const outcomes = new Set<string>();
    for (let diesAt = 1; ; diesAt += 1) {
      const kernel = openWorld();
      const { database, events } = openProcess(kernel, 0, { diesAt });
      let told: string | undefined;
      void writeTwo(database).then((end) => {
        told = end.told;
      });
      await kernel.run(1_000);
      if (events() < diesAt) break;
      assert.equal(told, undefined, "a dead process learns nothing");
      outcomes.add(notes());
    }
    assert.deepEqual([...outcomes], ["", "one,two"]);
  });

  it("frees what a process had locked when it dies, for another that waits", async () => {
    for (let diesAt = 5; diesAt < 9; diesAt += 1) {
      const kernel = openWorld();
      const first = openProcess(kernel, 0, { diesAt });
      void writeTwo(first.database);
      await kernel.run(3);
      const second = writeTwo(openProcess(kernel, 1).database);
      await kernel.run(60_000);
      const { told } = await second;
      assert.equal(told === "done" || told.includes("uk_text"), true, told);
      assert.equal(notes(), "one,two");
    }
  });

  it("may commit and not tell, or not commit and not tell: the process knows of neither", async () => {
    for (const [fault, kept] of [
      ["writeAnswerLost", "one,two"],
      ["writeLost", ""],
    ] as const) {
      const kernel = openWorld();
      const ends: TransactionEnd[] = [];
      const faults: FaultKind[] = [];
      const { database } = openProcess(kernel, 0, { faults });
      const written = database
        .transaction(async (tx) => {
          tx.afterEnd(async (end) => {
            ends.push(end);
          });
          await tx.write(insert("one"));
          await tx.write(insert("two"));
          faults.push(fault);
        })
        .catch((error: Error) => error.message);
      await kernel.run(1_000);
      assert.deepEqual([await written, ends], ["the database is not available", ["unknown"]]);
      assert.equal(notes(), kept, fault);
    }
  });

  it("lets the store's own retries meet a deadlock, a lock wait that is over, and a conflict at COMMIT", async () => {
    for (let busy = 1; busy <= 6; busy += 1) {
      const kernel = openWorld();
      const { database } = openProcess(kernel, 0, { faults: Array<FaultKind>(busy).fill("databaseBusy") });
      const written = writeTwo(database);
      await kernel.run(60_000);
      assert.equal((await written).told, "done");
      assert.equal(notes(), "one,two");
    }
  });

  it("runs two transactions side by side, and has one wait for the other's row", async () => {
    const kernel = openWorld();
    const [left, right] = [openProcess(kernel, 0).database, openProcess(kernel, 1).database];
    const both = Promise.all([writeTwo(left), writeTwo(right)]);
    await kernel.run(60_000);
    assert.deepEqual((await both).map(({ told }) => told === "done").toSorted(), [false, true]);
    assert.equal(notes(), "one,two");
  });
});
