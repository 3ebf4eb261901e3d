import assert from "node:assert/strict";
import { it } from "node:test";
import { AppError } from "@mall/kit/errors";
import { forEachDatabase, useSamples } from "@mall/kit/testing";
import { DuplicateKeyError, type Transaction } from "./index.ts";

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
