import assert from "node:assert/strict";
import { it } from "node:test";
import { AppError } from "@mall/kit/errors";
import { forEachDatabase, useSamples } from "@mall/kit/testing";
import { DuplicateKeyError } from "./index.ts";

forEachDatabase("table model: insert", (databases) => {
  const use = useSamples(databases);

  it("gives back every column type exactly as it went in", async () => {
    const { samples } = use();
    const row = {
      name: "零钱 \u{1F4B0} 'q' \\ %_",
      owner: Number.MAX_SAFE_INTEGER,
      number: 0,
      balance: 4294967295,
      rate: "12345678.90",
      note: "line\nline\0end",
      active: false,
      openTime: new Date("2024-02-29T23:59:59.987Z"),
      data: new Uint8Array([0, 255, 39, 92]),
    };
    const id = await samples.insert(row);
    const { createTime, updateTime, data, ...found } = await assertFound(samples.findOne(id));
    assert.deepEqual({ ...found, data: new Uint8Array(data ?? []) }, { id, ...row });
    assert.ok(createTime instanceof Date && updateTime instanceof Date);
  });

  it("fills columns that an insert leaves out with their defaults, next to rows that set them", async () => {
    const { samples } = use();
    const ids = await Promise.all([samples.insert({}), samples.insert({ note: null, balance: 3 })]);
    const [first, second] = await Promise.all(ids.map((id) => assertFound(samples.findOne(id))));
    assert.deepEqual([first?.note, first?.balance, first?.active, first?.rate], ["none", 0, true, null]);
    assert.deepEqual([second?.note, second?.balance], [null, 3]);
  });

  it("gives each of 500 concurrent inserts the id of its own row", async () => {
    const { samples } = use();
    const names = Array.from({ length: 500 }, (_, index) => `many-${index}`);
    const ids = await Promise.all(names.map((name) => samples.insert({ name })));
    assert.equal(new Set(ids).size, 500);
    const rows = await Promise.all(ids.map((id) => samples.findOne(id)));
    assert.deepEqual(
      rows.map((row) => row?.name),
      names,
    );
  });

  it("lets rows that break a unique key fail alone among their neighbours", async () => {
    const { samples } = use();
    await samples.insert({ name: "taken" });
    const names = Array.from({ length: 100 }, (_, index) => (index % 10 === 3 ? "taken" : `free-${index}`));
    const results = await Promise.allSettled(names.map((name) => samples.insert({ name })));
    for (const [index, result] of results.entries()) {
      if (names[index] === "taken") {
        assert.equal(result.status, "rejected");
        assert.ok(result.reason instanceof DuplicateKeyError);
        assert.equal(result.reason.key, "idx_name_unique");
      } else {
        assert.equal(result.status, "fulfilled");
        assert.equal((await assertFound(samples.findOne(result.value))).name, names[index]);
      }
    }
  });

  it("names a key of several columns", async () => {
    const { samples } = use();
    await samples.insert({ owner: 5, number: 6 });
    await assert.rejects(samples.insert({ owner: 5, number: 6 }), isDuplicate("idx_owner_number"));
    assert.equal((await samples.findOneBy("idx_owner_number", { owner: 5, number: 6 }))?.owner, 5);
    assert.equal(await samples.findOneBy("idx_owner_number", { owner: 6, number: 5 }), undefined);
  });
});

forEachDatabase("table model: find", (databases) => {
  const use = useSamples(databases);

  it("finds text only if it is the same byte by byte", async () => {
    const { samples } = use();
    const id = await samples.insert({ name: "ABC" });
    const asked = ["ABC", "abc", "ABC ", "ÁBC", "ABC"];
    const found = await Promise.all(asked.map((name) => samples.findOneBy("idx_name_unique", { name })));
    assert.deepEqual(
      found.map((row) => row?.id),
      [id, undefined, undefined, undefined, id],
    );
  });

  it("hands every caller a row of its own", async () => {
    const { samples } = use();
    const id = await samples.insert({ name: "own" });
    const [one, two] = await Promise.all([samples.findOne(id), samples.findOne(id)]);
    assert.notEqual(one, two);
    assert.deepEqual(one, two);
  });

  it("finds nothing for ids and keys that no row can have", async () => {
    const { samples } = use();
    for (const id of [-1, 0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60]) {
      assert.equal(await samples.findOne(id), undefined);
    }
    assert.equal(await samples.findOneBy("idx_name_unique", { name: "x".repeat(21) }), undefined);
  });
});

forEachDatabase("table model: limits", (databases) => {
  const use = useSamples(databases);
  const invalid: Record<string, unknown[]> = {
    name: ["x".repeat(21), "\u{1F4B0}".repeat(21), "\ud800", 5],
    balance: [-1, 4294967296, 0.5, Number.NaN, "1", null],
    owner: [Number.MAX_SAFE_INTEGER + 1, 1n],
    rate: ["1e3", "", "abc", Number.POSITIVE_INFINITY],
    active: [1, "true"],
    openTime: [new Date(Number.NaN), "2024-01-01"],
    data: [new Uint8Array(9), "abc"],
    id: [7],
    createTime: [new Date()],
    unknown: [1],
  };

  for (const [property, values] of Object.entries(invalid)) {
    it(`refuses a bad ${property} in inserts and updates, naming it`, async () => {
      const { samples } = use();
      const id = await samples.insert({ balance: 1 });
      for (const value of values) {
        await assert.rejects(samples.insert({ [property]: value }), isInvalid(property));
        await assert.rejects(samples.update(id, { [property]: value }), isInvalid(property));
      }
      assert.equal((await samples.findMany((query) => query.where("id", ">", id))).length, 0);
    });
  }

  it("counts characters, not units", async () => {
    const { samples } = use();
    const id = await samples.insert({ name: "\u{1F4B0}".repeat(20) });
    assert.equal((await assertFound(samples.findOne(id))).name, "\u{1F4B0}".repeat(20));
  });
});

forEachDatabase("table model: update and delete", (databases) => {
  const use = useSamples(databases);

  it("lets one of 50 concurrent compare-and-sets win", async () => {
    const { samples } = use();
    const id = await samples.insert({ balance: 0 });
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        samples.update(id, { balance: index + 1 }, { expect: { balance: 0 } }),
      ),
    );
    assert.equal(results.filter(Boolean).length, 1);
    assert.equal((await assertFound(samples.findOne(id))).balance, results.indexOf(true) + 1);
  });

  it("compares expected text byte by byte, and null as a value", async () => {
    const { samples } = use();
    const id = await samples.insert({ note: "PAID", rate: null });
    assert.equal(await samples.update(id, { note: "x" }, { expect: { note: "paid" } }), false);
    assert.equal(await samples.update(id, { note: "x" }, { expect: { note: "PAID " } }), false);
    assert.equal(await samples.update(id, { note: "x" }, { expect: { note: null } }), false);
    assert.equal(await samples.update(id, { note: null }, { expect: { note: "PAID", rate: null } }), true);
    assert.equal((await assertFound(samples.findOne(id))).note, null);
  });

  it("counts a row that already has the new values as updated", async () => {
    const { samples } = use();
    const id = await samples.insert({ balance: 4 });
    assert.equal(await samples.update(id, { balance: 4 }), true);
    assert.equal(await samples.update(id, {}), true);
    assert.equal(await samples.update(id, {}, { expect: { balance: 5 } }), false);
    assert.equal(await samples.update(id + 1_000_000, { balance: 4 }), false);
    assert.equal(await samples.update(id + 1_000_000, {}), false);
  });

  it("says which unique key an update breaks", async () => {
    const { samples } = use();
    await samples.insert({ name: "first" });
    const id = await samples.insert({ name: "second" });
    await assert.rejects(samples.update(id, { name: "first" }), isDuplicate("idx_name_unique"));
  });

  it("deletes a row only if it holds what was expected", async () => {
    const { samples } = use();
    const id = await samples.insert({ balance: 1 });
    assert.equal(await samples.delete(id, { expect: { balance: 2 } }), false);
    assert.equal(await samples.delete(id, { expect: { balance: 1 } }), true);
    assert.equal(await samples.delete(id), false);
    assert.equal(await samples.findOne(id), undefined);
  });

  it("selects and updates many rows by SQL names, with dates as parameters", async () => {
    const { samples } = use();
    const times = ["2024-01-01T00:00:00Z", "2024-01-01T00:00:00.500Z", "2024-01-02T00:00:00Z"];
    const ids: number[] = [];
    for (const time of times) ids.push(await samples.insert({ owner: 77, openTime: new Date(time) }));
    const limit = new Date("2024-01-01T12:00:00Z");
    const found = await samples.findMany((query) =>
      query.where("owner", "=", 77).where("open_time", "<", limit).orderBy("open_time", "desc"),
    );
    assert.deepEqual(
      found.map((row) => row.openTime?.toISOString()),
      ["2024-01-01T00:00:00.500Z", "2024-01-01T00:00:00.000Z"],
    );
    const changed = await samples.updateMany(ids, (query) =>
      query.set({ balance: 9 }).where("open_time", "<", limit),
    );
    assert.equal(changed, 2);
    const again = await samples.updateMany(ids, (query) =>
      query.set({ balance: 9 }).where("open_time", "<", limit),
    );
    assert.equal(again, 2, "matched rows count even if nothing changes");
  });

  it("takes an amount off a row that holds as much and what is expected, and else nothing", async () => {
    const { samples } = use();
    const id = await samples.insert({ name: "shelf", balance: 5 });
    const take = (amount: number, name = "shelf") =>
      samples.decrease(id, { property: "balance", amount }, { expect: { name } });
    assert.equal(await take(6), false);
    assert.equal(await take(2, "another"), false);
    assert.equal(await take(3), true);
    assert.equal(await take(2), true);
    assert.equal(await take(1), false);
    assert.equal((await samples.findOne(id))?.balance, 0);
    assert.equal(await samples.decrease(id + 1, { property: "balance", amount: 1 }), false);
  });

  it("updates none but the rows it names, and no column of a unique key", async () => {
    const { samples } = use();
    const ids = [await samples.insert({ balance: 1 }), await samples.insert({ balance: 1 })];
    assert.equal(await samples.updateMany(ids.slice(0, 1), (query) => query.set({ balance: 3 })), 1);
    assert.equal(await samples.updateMany([], (query) => query.set({ balance: 4 })), 0);
    const rows = await Promise.all(ids.map((id) => samples.findOne(id)));
    assert.deepEqual(
      rows.map((row) => row?.balance),
      [3, 1],
    );
    await assert.rejects(
      samples.updateMany(ids, (query) => query.set({ owner: 5 })),
      /sample\.owner by update/,
    );
  });
});

forEachDatabase("table model: managed times", (databases) => {
  const use = useSamples(databases);

  it("moves update_time with every kind of update", async () => {
    const { database, samples } = use();
    const id = await samples.insert({});
    const old = "2001-02-03 04:05:06";
    const reset = { sql: `UPDATE sample SET create_time = '${old}', update_time = '${old}'`, parameters: [] };
    for (const change of [
      () => samples.update(id, { balance: 1 }),
      () => samples.updateMany([id], (query) => query.set({ balance: 2 })),
      () => samples.decrease(id, { property: "balance", amount: 1 }),
    ]) {
      await database.write(reset);
      await change();
      const row = await assertFound(samples.findOne(id));
      assert.equal(row.createTime.getUTCFullYear(), 2001);
      assert.ok(row.updateTime.getUTCFullYear() > 2001);
    }
  });
});

async function assertFound<Row>(found: Promise<Row | undefined>): Promise<Row> {
  const row = await found;
  assert.ok(row !== undefined);
  return row;
}

function isDuplicate(key: string): (error: unknown) => boolean {
  return (error) => error instanceof DuplicateKeyError && error.key === key;
}

function isInvalid(field: string): (error: unknown) => boolean {
  return (error) => error instanceof AppError && error.code === "INVALID_ARGUMENT" && error.field === field;
}
