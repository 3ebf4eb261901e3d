import assert from "node:assert/strict";
import { it } from "node:test";
import { AppError } from "@mall/kit/errors";
import {
  forEachDatabase,
  type NewSampleRow,
  type SampleColumns,
  type SampleRow,
  sampleMigrations,
  sampleTable,
  useSamples,
} from "@mall/kit/testing";
import { createTableModel, DuplicateKeyError, migrateToLatest, type Transaction } from "./index.ts";

forEachDatabase("transaction: effects", (databases) => {
  const use = useSamples(databases);
  const named = (name: string) => use().samples.findOneBy("idx_name_unique", { name });

  it("commits everything its work did, and answers with the work's result", async () => {
    const { database, samples } = use();
    const id = await database.transaction(async (tx) => {
      const inserted = await samples.insert({ name: "commit-1" }, tx);
      assert.equal((await samples.findOne(inserted, tx))?.name, "commit-1");
      await samples.update(inserted, { balance: 5 }, { tx });
      await samples.updateMany([inserted], (query) => query.set({ note: "six" }), tx);
      assert.equal((await samples.findMany((query) => query.where("note", "=", "six"), tx)).length, 1);
      return inserted;
    });
    const row = await samples.findOne(id);
    assert.deepEqual([row?.name, row?.balance, row?.note], ["commit-1", 5, "six"]);
  });

  it("undoes everything if its work throws, and passes the error on", async () => {
    const { database, samples } = use();
    const failure = new AppError("FAILED_PRECONDITION", "NO", "no");
    const work = async (tx: Transaction): Promise<void> => {
      await samples.insert({ name: "undone" }, tx);
      throw failure;
    };
    await assert.rejects(database.transaction(work), (error) => error === failure);
    assert.equal(await named("undone"), undefined);
  });

  it("goes on after a statement that broke a unique key", async () => {
    const { database, samples } = use();
    await samples.insert({ name: "once" });
    await database.transaction(async (tx) => {
      await samples.insert({ name: "before-break" }, tx);
      await assert.rejects(samples.insert({ name: "once" }, tx), DuplicateKeyError);
      await samples.insert({ name: "after-break" }, tx);
    });
    assert.ok((await named("before-break")) !== undefined && (await named("after-break")) !== undefined);
  });

  it("lets those who lock a row before they read and change it lose nothing of each other", async () => {
    const { database, samples } = use();
    const id = await samples.insert({ name: "counted", balance: 0 });
    const addOne = (): Promise<boolean> =>
      database.transaction(async (tx) => {
        const row = await samples.lockOne(id, tx);
        return samples.update(id, { balance: (row?.balance ?? 0) + 1 }, { tx });
      });
    await Promise.all(Array.from({ length: 20 }, addOne));
    assert.equal((await samples.findOne(id))?.balance, 20);
    assert.equal(await database.transaction((tx) => samples.lockOne(id + 1_000, tx)), undefined);
  });

  it("hides its rows from others until it commits, and keeps theirs out of its rollback", async () => {
    const { database, samples } = use();
    let outside: Promise<number> | undefined;
    const work = async (tx: Transaction): Promise<void> => {
      await samples.insert({ name: "hidden" }, tx);
      outside = samples.insert({ name: "outside" });
      assert.equal(await named("hidden"), undefined);
      throw new Error("roll back");
    };
    await assert.rejects(database.transaction(work), /roll back/);
    assert.ok(outside !== undefined);
    assert.equal((await samples.findOne(await outside))?.name, "outside");
    assert.equal(await named("hidden"), undefined);
  });
});

forEachDatabase("transaction: limits", (databases) => {
  const use = useSamples(databases);

  it("cannot be used after its end", async () => {
    const { database, samples } = use();
    let leaked: Transaction | undefined;
    await database.transaction(async (tx) => {
      leaked = tx;
    });
    assert.ok(leaked !== undefined);
    await assert.rejects(samples.insert({ name: "leaked" }, leaked), /ended/);
    assert.equal(await samples.findOneBy("idx_name_unique", { name: "leaked" }), undefined);
  });

  it("keeps sums right under 40 concurrent transfers between two rows in both directions", async () => {
    const { database, samples } = use();
    const a = await samples.insert({ balance: 1000 });
    const b = await samples.insert({ balance: 1000 });
    const transfer = (from: number, to: number) =>
      database.transaction(async (tx) => {
        await addTo(tx, from, -1);
        await addTo(tx, to, 1);
      });
    const addTo = (tx: Transaction, id: number, amount: number) =>
      tx.write({ sql: "UPDATE sample SET balance = balance + ? WHERE id = ?", parameters: [amount, id] });
    await Promise.all(Array.from({ length: 40 }, (_, i) => (i % 4 === 0 ? transfer(b, a) : transfer(a, b))));
    const rows = await Promise.all([samples.findOne(a), samples.findOne(b)]);
    assert.deepEqual(
      rows.map((row) => row?.balance),
      [980, 1020],
    );
  });

  it("refuses Kysely's own transactions, which it could neither order nor retry", async () => {
    const { database } = use();
    await assert.rejects(
      database.query.transaction().execute(async () => {}),
      /database.transaction/,
    );
  });

  it("tells callers nothing about SQL when a statement is wrong", async () => {
    const { database } = use();
    const wrong = { sql: "SELECT secret FROM missing_table", parameters: [] };
    for (const run of [() => database.read(wrong), () => database.transaction((tx) => tx.read(wrong))]) {
      await assert.rejects(run(), (error) => {
        assert.ok(error instanceof AppError);
        assert.deepEqual([error.code, error.message], ["INTERNAL", "internal error"]);
        return error.cause instanceof Error;
      });
    }
  });
});

forEachDatabase("transaction: side by side", (databases) => {
  const use = useSamples(databases);

  it("each ends as its own work does", async () => {
    const { database, samples } = use();
    const work = (index: number) =>
      database.transaction(async (tx) => {
        await samples.insert({ name: `apart-${index}`, owner: 7, number: index }, tx);
        if (index % 3 === 1) throw new Error(`no ${index}`);
        return index;
      });
    const single = (index: number) => samples.insert({ name: `apart-${index - (index % 2)}`, number: index });
    const results = await Promise.allSettled(
      Array.from({ length: 40 }, (_, index) => (index < 20 ? work(index) : single(index))),
    );
    const told = results.map((result) => (result.status === "fulfilled" ? "done" : result.reason.message));
    const expected = Array.from({ length: 40 }, (_, index) => {
      if (index >= 20) return index % 2 === 0 ? "done" : /idx_name_unique/;
      return index % 3 === 1 ? `no ${index}` : "done";
    });
    for (const [index, text] of told.entries()) {
      const wanted = expected[index] ?? "";
      if (typeof wanted === "string") assert.equal(text, wanted);
      else assert.match(text, wanted);
    }
    const rows = await samples.findMany((query) => query.where("owner", "=", 7));
    assert.deepEqual(
      rows.map(({ number }) => number).toSorted((left, right) => left - right),
      Array.from({ length: 20 }, (_, index) => index).filter((index) => index % 3 !== 1),
    );
  });

  it("are told their success when everybody else can see it", async () => {
    const dataSource = await databases.createDataSource();
    const database = await databases.open({ dataSource });
    await migrateToLatest(database, sampleMigrations);
    const samples = createTableModel<SampleRow, NewSampleRow, SampleColumns>(database, sampleTable);
    const other = createTableModel<SampleRow, NewSampleRow, SampleColumns>(
      await databases.open({ dataSource }),
      sampleTable,
    );
    await Promise.all(
      Array.from({ length: 60 }, async (_, owner) => {
        const insert = (tx?: Transaction) => samples.insert({ owner }, tx);
        const id = owner % 2 === 0 ? await insert() : await database.transaction(insert);
        assert.equal((await other.findOne(id))?.owner, owner);
        if (owner % 3 === 0) await samples.update(id, { balance: 1 });
        else await database.transaction((tx) => samples.update(id, { balance: 1 }, { tx }));
        assert.equal((await other.findOne(id))?.balance, 1);
      }),
    );
  });

  it("may begin after the end of another, which waits for it", async () => {
    const { database, samples } = use();
    let inner: number | undefined;
    await database.transaction(async (tx) => {
      tx.afterEnd(async (end) => {
        assert.equal(end, "committed");
        inner = await database.transaction((own) => samples.insert({ name: "afterwards" }, own));
      });
      await samples.insert({ name: "at-first" }, tx);
    });
    assert.ok(inner !== undefined);
    assert.equal((await samples.findOne(inner))?.name, "afterwards");
  });
});
