import assert from "node:assert/strict";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { AppError } from "@mall/kit/errors";
import { noopObserver, type Observer } from "@mall/kit/observe";
import { systemRuntime } from "@mall/kit/runtime";
import { createManualRuntime, createTestFolder, type ManualRuntime } from "@mall/kit/testing";
import {
  type Database,
  DuplicateKeyError,
  openDatabase,
  type Statement,
  type TransactionEnd,
} from "../index.ts";

/** A row breaks `parent` only when it is committed. */
const TABLE =
  "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT UNIQUE, " +
  "parent INTEGER REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED)";

function insert(text: string, parent: number | null = null): Statement {
  return { sql: "INSERT INTO note (text, parent) VALUES (?, ?)", parameters: [text, parent] };
}

function isBusy(error: unknown): boolean {
  return error instanceof AppError && error.reason === "DATABASE_BUSY";
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

const folder = createTestFolder();
const opened = new Set<Database>();
let files = 0;
after(async () => {
  for (const database of opened) await database.close();
});

/** A database of its own with the table, and what it told its observer to do since. */
async function open(runtime = systemRuntime) {
  const controls: string[] = [];
  const observer: Observer = {
    ...noopObserver,
    sql: (command, text) => {
      if (command === "exec") controls.push(text);
      return { trace: undefined, end: () => {} };
    },
  };
  files += 1;
  const dataSource = `sqlite:${join(folder, `${files}.db`)}`;
  const database = await openDatabase({ dataSource, runtime, observer });
  opened.add(database);
  await database.write({ sql: TABLE, parameters: [] });
  controls.length = 0;
  return {
    database,
    controls,
    commits: (): number => controls.filter((sql) => sql === "COMMIT").length,
    texts: async (): Promise<unknown[]> => {
      const rows = await database.read({ sql: "SELECT text FROM note ORDER BY id", parameters: [] });
      return rows.map(({ text }) => text);
    },
    note: (text: string) => database.transaction((tx) => tx.write(insert(text))),
  };
}

describe("turns on SQLite's writer", () => {
  it("come one at a time in the order of asking, also after one that failed", async () => {
    const { database, texts } = await open();
    const order: number[] = [];
    let inside = 0;
    const ask = (index: number) =>
      database.transaction(async (tx) => {
        inside += 1;
        assert.equal(inside, 1);
        await tx.write(insert(`${index}`));
        await turns(1);
        order.push(index);
        inside -= 1;
        if (index === 3) throw new Error("three");
      });
    const results = await Promise.allSettled([0, 1, 2, 3, 4, 5].map(ask));
    assert.deepEqual(order, [0, 1, 2, 3, 4, 5]);
    assert.deepEqual(
      results.map(({ status }) => status === "fulfilled"),
      [true, true, true, false, true, true],
    );
    assert.deepEqual(await texts(), ["0", "1", "2", "4", "5"]);
  });

  it("share a commit where they are asked for at the same time, and observers hear of that one alone", async () => {
    const { database, controls, commits, texts, note } = await open();
    const names = Array.from({ length: 50 }, (_, index) => `n${index}`);
    await Promise.all(names.flatMap((name) => [note(name), database.write(insert(`${name}w`))]));
    assert.equal((await texts()).length, 100);
    assert.ok(commits() <= 20, `${commits()} commits of 100`);
    assert.deepEqual([...new Set(controls)], ["BEGIN IMMEDIATE", "COMMIT"]);
  });

  it("wait for nobody who does not ask: one alone has its commit without a timer", async () => {
    const { note, commits } = await open(createManualRuntime());
    await note("one");
    await note("two");
    assert.equal(commits(), 2);
  });

  it("hold a commit up for no more than ten milliseconds of work, however many wait", async () => {
    const runtime = createManualRuntime();
    const { database, commits } = await open(runtime);
    const told: number[] = [];
    const ask = async (index: number): Promise<void> => {
      await database.transaction(async (tx) => {
        runtime.advance(4);
        await tx.write(insert(`${index}`));
      });
      told.push(commits());
    };
    await Promise.all(Array.from({ length: 9 }, (_, index) => ask(index)));
    assert.deepEqual(told, [1, 1, 1, 2, 2, 2, 3, 3, 3]);
  });

  it("let the event loop turn between two commits, however many wait", async () => {
    const runtime = createManualRuntime();
    const { database } = await open(runtime);
    let turn = 0;
    const ticking = setInterval(() => {
      turn += 1;
    }, 0);
    const toldIn = new Set<number>();
    const ask = async (): Promise<void> => {
      await database.transaction(async () => {
        runtime.advance(10);
        const startedAt = performance.now();
        while (performance.now() < startedAt + 2);
      });
      toldIn.add(turn);
    };
    await Promise.all(Array.from({ length: 8 }, ask));
    clearInterval(ticking);
    assert.equal(toldIn.size, 8);
  });

  it("are asked for again by what follows a commit", async () => {
    const { database, texts, note } = await open();
    await database.transaction(async (tx) => {
      tx.afterEnd(async () => {
        await note("after");
      });
      await tx.write(insert("before"));
    });
    assert.deepEqual(await texts(), ["before", "after"]);
  });
});

describe("a commit that SQLite's transactions share", () => {
  it("fails all of them if it fails, also those that had failed over what is not there now", async () => {
    const { database, texts, note } = await open();
    const ends: TransactionEnd[] = [];
    const noteAndHear = (text: string, parent?: number) =>
      database.transaction(async (tx) => {
        tx.afterEnd(async (end) => void ends.push(end));
        await tx.write(insert(text, parent));
      });
    await note("before");
    const asked = [
      noteAndHear("one"),
      noteAndHear("orphan", 1_000),
      noteAndHear("one"),
      database.write(insert("two")),
    ];
    for (const result of await Promise.allSettled(asked)) {
      assert.ok(result.status === "rejected" && result.reason instanceof AppError);
      assert.equal(result.reason.code, "INTERNAL");
    }
    assert.deepEqual(ends, ["rolledBack", "rolledBack", "rolledBack"]);
    assert.deepEqual(await texts(), ["before"]);
    await note("one");
    assert.deepEqual(await texts(), ["before", "one"]);
  });

  it("tells who fails over an earlier one when that is committed", async () => {
    const { database, texts, note } = await open();
    const first = note("one");
    await assert.rejects(note("one"), DuplicateKeyError);
    assert.deepEqual(await texts(), ["one"]);
    await first;
    await assert.rejects(database.write(insert("one")), DuplicateKeyError);
  });

  it("never comes where a full disk ends the transaction: who did not fill it is served again", async () => {
    const { database, texts, note } = await open();
    await database.write({ sql: "PRAGMA max_page_count = 30", parameters: [] });
    const fill = "x".repeat(1_000_000);
    for (const tooMuch of [() => note(fill), () => database.write(insert(fill))]) {
      const name = `${(await texts()).length}`;
      const [before, full, behind] = await Promise.allSettled([
        note(`${name} a`),
        tooMuch(),
        note(`${name} b`),
      ]);
      assert.deepEqual([before.status, behind.status], ["fulfilled", "fulfilled"]);
      assert.ok(full.status === "rejected" && full.reason instanceof AppError);
      assert.equal(full.reason.reason, "DATABASE_UNAVAILABLE");
    }
    assert.deepEqual((await texts()).toSorted(), ["0 a", "0 b", "2 a", "2 b"]);
  });

  it("comes before the file is closed by who asked later", async () => {
    const { database, commits, note } = await open();
    const noted = note("one");
    opened.delete(database);
    await Promise.all([noted, database.close()]);
    assert.equal(commits(), 1);
    await assert.rejects(note("two"));
  });
});

describe("work on SQLite that waits for itself", () => {
  /** Lets time go by until it has ended. */
  async function ended(runtime: ManualRuntime, work: Promise<unknown>): Promise<void> {
    let isOver = false;
    const over = (): void => {
      isOver = true;
    };
    work.then(over, over);
    while (!isOver) {
      runtime.advance(500);
      await turns(4);
    }
  }

  it("fails where it waits for a turn behind its own", async () => {
    const runtime = createManualRuntime();
    const { database, texts, note } = await open(runtime);
    const outer = database.transaction(async (tx) => {
      await tx.write(insert("outer"));
      await note("inner");
    });
    await ended(runtime, outer);
    await assert.rejects(outer, isBusy);
    await note("after");
    assert.deepEqual(await texts(), ["after"]);
  });

  it("fails where it waits for the answer of one that shares its commit", async () => {
    const runtime = createManualRuntime();
    const { database, texts, note } = await open(runtime);
    const first = note("first");
    const second = database.transaction(async (tx) => {
      await tx.write(insert("second"));
      await first;
    });
    await ended(runtime, Promise.allSettled([first, second]));
    await assert.rejects(first, isBusy);
    await assert.rejects(second, isBusy);
    await note("after");
    assert.deepEqual(await texts(), ["after"]);
    assert.equal(runtime.timersPending, 0);
  });
});
