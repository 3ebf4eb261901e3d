import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { it, test } from "node:test";
import { migrateToLatest } from "@mall/kit/store";
import { forEachDatabase } from "@mall/kit/testing";
import { generateLayer } from "../commands/index.ts";
import { createItemModelGen, itemTable, type NewItemRow } from "../testdata/sql/kinds/gen/item-model.ts";
import { kindsMigrations } from "../testdata/sql/kinds/gen/migrations.ts";

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
});
