import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { it, test } from "node:test";
import { DuplicateKeyError, migrateToLatest } from "@mall/kit/store";
import { forEachDatabase } from "@mall/kit/testing";
import { generateLayer } from "../commands/index.ts";
import { createItemModelGen, itemTable, type NewItemRow } from "../testdata/sql/kinds/gen/item-model.ts";
import { kindsMigrations } from "../testdata/sql/kinds/gen/migrations.ts";
import { createSeatModelGen } from "../testdata/sql/kinds/gen/seat-model.ts";
import { createVoucherModelGen } from "../testdata/sql/kinds/gen/voucher-model.ts";

// After a wanted change, without migrations/ as its first time:
//   mallctl model mysql ddl -src codegen/testdata/sql/kinds/kinds.sql -dir codegen/testdata/sql/kinds -c
const folder = join(import.meta.dirname, "../testdata/sql/kinds");

test("a dump with every type of column generates the committed files", async () => {
  const { generated } = await generateLayer("model", join(folder, "kinds.sql"), { cache: true });
  for (const file of generated)
    assert.equal(file.content, await readFile(join(folder, file.path), "utf8"), file.path);
});

test("keys over the same columns share a lookup, and the primary key needs none of its own", () => {
  assert.deepEqual(Object.keys(itemTable.uniqueKeys), ["a_again", "a_unique", "id_unique"]);
});

forEachDatabase("a generated model of every type of column", (databases) => {
  it("gives back what it was given, with the defaults of what was left out, and refuses what is no value", async () => {
    const database = await databases.open();
    await migrateToLatest(database, kindsMigrations);
    const items = createItemModelGen(database);
    const row: NewItemRow = {
      a: "x",
      price: "-12.5",
      rate: "12345678901234567890.0123456789",
      ratio: 0.1,
      short: 0.25,
      born: "2024-02-29",
      opens: "-838:59:59",
      made: 2026,
      extra: '{"a": [1, "b"]}',
      kind: "it's",
      flags: "x,y",
      bits: 257,
      active: false,
      seenAt: new Date("2026-01-31T23:59:59Z"),
    };
    const id = await items.insert(row);
    const { createdAt, updatedAt, ...found } = (await items.findOneByA("x")) ?? {};
    assert.deepEqual(found, { id, ...row, price: "-12.50" });
    assert.ok(createdAt instanceof Date && updatedAt instanceof Date);
    const bare = await items.findOne(await items.insert({ seenAt: new Date(1e12) }));
    assert.deepEqual(
      [bare?.a, bare?.price, bare?.ratio, bare?.kind, bare?.flags, bare?.bits, bare?.active],
      [null, "1.50", 0.5, "plain", "", 5, true],
    );
    const cases: [Partial<NewItemRow>, string][] = [
      [{ price: "1.234" }, "price"],
      [{ price: "123456789" }, "price"],
      [{ born: "2023-02-29" }, "born"],
      [{ kind: "other" as "plain" }, "kind"],
      [{ bits: 512 }, "bits"],
      [{ ratio: Number.NaN }, "ratio"],
    ];
    for (const [bad, field] of cases) await assert.rejects(items.update(id, bad), { field });
  });

  it("finds, changes and removes rows by the keys that they brought, exactly", async () => {
    const database = await databases.open();
    await migrateToLatest(database, kindsMigrations);
    const vouchers = createVoucherModelGen(database);
    assert.equal(await vouchers.insert({ sn: "Ab-1", slot: 1, amount: 5 }), "Ab-1");
    const twice = vouchers.insert({ sn: "Ab-1", slot: 2 });
    await assert.rejects(twice, (error) => error instanceof DuplicateKeyError && error.key === "PRIMARY");
    const row = { sn: "Ab-1", slot: 1, amount: 5, note: null };
    assert.deepEqual([await vouchers.findOne("Ab-1"), await vouchers.findOneBySlot(1)], [row, row]);
    // The collation of the column takes one for the other; a key does not.
    assert.equal(await vouchers.findOne("ab-1"), undefined);
    assert.equal(await vouchers.update("ab-1", { amount: 9 }), false);
    assert.equal(await vouchers.decrease("ab-1", { property: "amount", amount: 1 }), false);
    assert.equal(await vouchers.delete("ab-1"), false);
    await assert.rejects(vouchers.update("Ab-1", { sn: "other" }), { field: "sn" });
    assert.equal(await vouchers.update("Ab-1", { note: "x" }, { expect: { amount: 5 } }), true);
    assert.equal(await vouchers.decrease("Ab-1", { property: "amount", amount: 2 }), true);
    assert.deepEqual(await vouchers.findOne("Ab-1"), { ...row, note: "x", amount: 3 });
    assert.equal(await vouchers.delete("Ab-1"), true);
    const seats = createSeatModelGen(database);
    assert.deepEqual(
      [await seats.insert({ number: 7, holder: "a" }), await seats.insert({ number: 3 })],
      [7, 3],
    );
    assert.equal((await seats.findOne(7))?.holder, "a");
  });

  it("keeps rows that share a transaction apart by the keys that they brought", async () => {
    const database = await databases.open();
    await migrateToLatest(database, kindsMigrations);
    const vouchers = createVoucherModelGen(database);
    const names = ["b", "a", "C"];
    await Promise.all(
      names.map((sn, slot) =>
        database.share(async (tx) => {
          await vouchers.insert({ sn, slot, amount: 9 }, tx);
          assert.equal((await vouchers.lockOne(sn, tx))?.slot, slot);
          assert.equal(await vouchers.decrease(sn, { property: "amount", amount: slot + 1 }, { tx }), true);
        }),
      ),
    );
    const amounts = await Promise.all(names.map(async (sn) => (await vouchers.findOne(sn))?.amount));
    assert.deepEqual(amounts, [8, 7, 6]);
  });
});
