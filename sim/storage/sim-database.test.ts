import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import type { Runtime } from "@mall/kit/runtime";
import type { MigrationSet, Statement, TransactionEnd } from "@mall/kit/store";
import type { FaultKind } from "../faults/index.ts";
import { Kernel } from "../kernel/index.ts";
import { DatabaseFile } from "./database-file.ts";
import { SimDatabase } from "./sim-database.ts";

const TABLE: MigrationSet = {
  owner: "note",
  migrations: [
    { name: "0001", mysql: [], sqlite: ["CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)"] },
  ],
};

const folder = mkdtempSync(join(tmpdir(), "mall-sim-test-"));
const file = await DatabaseFile.create(join(folder, "note.db"), [TABLE]);
after(() => {
  file.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A database of a process that dies at its nth event (0: never) and meets these faults, once each. */
function openWorld(diesAt: number, faults: readonly FaultKind[] = []) {
  file.reset([]);
  const kernel = new Kernel(1);
  const due = [...faults];
  let events = 0;
  const owner = {
    alive: true,
    survives() {
      events += 1;
      if (events !== diesAt) return true;
      this.alive = false;
      DatabaseFile.abandon(file.lend(0));
      return false;
    },
  };
  const runtime: Runtime = {
    now: () => kernel.now,
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
  const database = new SimDatabase(file.lend(0), {
    runtime,
    turn: () => kernel.pause(1, owner),
    strikes: (kind) => {
      if (due[0] !== kind) return false;
      due.shift();
      return true;
    },
  });
  return { kernel, database, events: () => events };
}

function insert(text: string): Statement {
  return { sql: "INSERT INTO note (text) VALUES (?)", parameters: [text] };
}

function notes(): unknown[] {
  return file.read<{ text: string }>("SELECT text FROM note ORDER BY id").map(({ text }) => text);
}

/** Writes two notes in one transaction and tells how that ended for the process. */
async function writeTwo(database: SimDatabase): Promise<{ told: string; ends: TransactionEnd[] }> {
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

describe("storage under a process that may die", () => {
  it("drops what was not committed and keeps what was, at whichever await the process dies", async () => {
    const outcomes = new Set<string>();
    for (let diesAt = 1; ; diesAt += 1) {
      const { kernel, database, events } = openWorld(diesAt);
      let told: string | undefined;
      void writeTwo(database).then((end) => {
        told = end.told;
      });
      await kernel.run(1_000);
      if (events() < diesAt) break;
      assert.equal(told, undefined, "a dead process learns nothing");
      assert.ok(notes().length === 0 || notes().length === 2, `half a transaction: ${notes().join()}`);
      outcomes.add(notes().join());
    }
    assert.deepEqual([...outcomes], ["", "one,two"]);
  });

  it("is free for the next process after a crash within a transaction", async () => {
    const first = openWorld(3);
    void writeTwo(first.database);
    await first.kernel.run(1_000);
    const { kernel, database } = openWorld(0);
    const written = writeTwo(database);
    await kernel.run(1_000);
    assert.deepEqual(await written, { told: "done", ends: ["committed"] });
  });

  it("may commit and not tell, or not commit and not tell: the process knows of neither", async () => {
    for (const [fault, kept] of [
      ["writeAnswerLost", 2],
      ["writeLost", 0],
    ] as const) {
      const { kernel, database } = openWorld(0, [fault]);
      const written = writeTwo(database);
      await kernel.run(1_000);
      assert.deepEqual(await written, { told: "the database is not available", ends: ["unknown"] });
      assert.equal(notes().length, kept, fault);
    }
  });

  it("lets the store's own retries meet a busy and a full disk", async () => {
    const { kernel, database } = openWorld(0);
    const refusals = ["busy", "busy", undefined, "busy"] as const;
    let asked = 0;
    file.lend(0).writer.refuses = () => refusals[asked++];
    const written = writeTwo(database);
    await kernel.run(60_000);
    assert.deepEqual((await written).told, "done");
    assert.equal(notes().length, 2);
    file.lend(0).writer.refuses = () => "full";
    const refused = writeTwo(database);
    await kernel.run(120_000);
    assert.deepEqual((await refused).told, "the database is not available");
    assert.equal(notes().length, 2);
  });
});
