import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { forEachDatabase, until, whyNoRedis } from "@mall/kit/testing";
import { DuplicateKeyError, type RowView } from "../index.ts";
import { type MemberRow, type NewMemberRow, TestMembers } from "../test-members.ts";

forEachDatabase("cached table", (databases) => {
  describe("with Redis", { skip: whyNoRedis() ?? false }, () => {
    let shop: TestMembers;
    let numbers = 0;

    before(async () => {
      shop = await TestMembers.start(databases);
      const row = await add();
      for (const members of [shop.view, shop.othersView])
        await until("Redis answers for the row", () => answersFromRedis(members, row));
    });
    after(() => shop.stop());

    /** A new member with keys of its own. */
    const newRow = (): Required<NewMemberRow> => {
      numbers += 1;
      return { name: "ving", mobile: `1520000${numbers}`, oid: numbers, points: 0 };
    };
    const add = async (row = newRow()): Promise<MemberRow> =>
      found(await shop.stored.findOne(await shop.members.insert(row)));
    const entry = (key: string): Promise<string | null> => shop.go.get(`cache:member:${key}`);
    const sql = (text: string): Promise<unknown> => shop.database.write({ sql: text, parameters: [] });
    /** Whether a row that only Redis has is seen. */
    const answersFromRedis = async (members: RowView<MemberRow>, row: MemberRow): Promise<boolean> => {
      await shop.go.set(`cache:member:id:${row.id}`, goText({ ...row, name: "in redis" }));
      const seen = await members.findOne(row.id);
      await shop.go.del(`cache:member:id:${row.id}`);
      return seen?.name === "in redis";
    };

    it("leaves the row under its id in Go's bytes, and reads what Go left there", async () => {
      const row = await add();
      assert.deepEqual(await shop.view.findOne(row.id), row);
      await until("the row is in Redis", async () => (await entry(`id:${row.id}`)) === goText(row));
      await shop.go.set(`cache:member:id:${row.id}`, goText({ ...row, name: "from go" }));
      assert.equal((await shop.view.findOne(row.id))?.name, "from go");
    });

    it("leaves the id under a unique key, and finds by what Go left there", async () => {
      const row = await add();
      assert.deepEqual(await shop.view.findOneBy("idx_mobile", { mobile: row.mobile }), row);
      await until(
        "its id is under its mobile",
        async () => (await entry(`mobile:${row.mobile}`)) === String(row.id),
      );
      assert.deepEqual(await shop.othersView.findOneBy("idx_mobile", { mobile: row.mobile }), row);
      await until("the row is in Redis", async () => (await entry(`id:${row.id}`)) === goText(row));
    });

    it("leaves the row under a key kept by hand, and finds by what Go left there", async () => {
      const row = await add();
      assert.deepEqual(await shop.view.findOneBy("idx_oid", { oid: row.oid }), row);
      await until("the row is under its order", async () => (await entry(`oid:${row.oid}`)) === goText(row));
      assert.deepEqual(await shop.othersView.findOneBy("idx_oid", { oid: row.oid }), row);
    });

    it("does not believe a row under that key, which Go leaves there when the row changes", async () => {
      const row = await add();
      await shop.go.set(`cache:member:oid:${row.oid}`, goText({ ...row, points: 9 }));
      assert.equal((await shop.view.findOneBy("idx_oid", { oid: row.oid }))?.points, 0);
    });

    it("does not believe an entry that leads to a row with another key, or to none", async () => {
      const [row, stranger] = [await add(), await add()];
      for (const id of [stranger.id, 999_999]) {
        await shop.go.set(`cache:member:mobile:${row.mobile}`, String(id));
        assert.deepEqual(await shop.view.findOneBy("idx_mobile", { mobile: row.mobile }), row);
      }
    });

    it("shows a new row at once, whoever looked for it before by whatever key", async () => {
      const row = newRow();
      const last = await shop.stored.insert(newRow());
      const id = last + 1;
      for (const members of [shop.view, shop.othersView]) {
        assert.equal(await members.findOne(id), undefined);
        assert.equal(await members.findOneBy("idx_mobile", { mobile: row.mobile }), undefined);
        assert.equal(await members.findOneBy("idx_oid", { oid: row.oid }), undefined);
      }
      for (const key of [`id:${id}`, `mobile:${row.mobile}`, `oid:${row.oid}`]) {
        await shop.go.set(`cache:member:${key}`, "*", "EX", 60);
      }
      assert.equal(await shop.members.insert(row), id);
      for (const key of [`id:${id}`, `mobile:${row.mobile}`, `oid:${row.oid}`]) {
        assert.equal(await entry(key), null);
      }
      for (const members of [shop.view, shop.othersView]) {
        assert.equal((await members.findOne(id))?.mobile, row.mobile);
        assert.equal((await members.findOneBy("idx_mobile", { mobile: row.mobile }))?.id, id);
        assert.equal((await members.findOneBy("idx_oid", { oid: row.oid }))?.id, id);
      }
    });

    it("shows a row that a Go process inserted, which leaves the placeholders of its id and its order", async () => {
      const row = newRow();
      const id = await shop.stored.insert(row);
      await shop.go.set(`cache:member:id:${id}`, "*", "EX", 60);
      await shop.go.set(`cache:member:oid:${row.oid}`, "*", "EX", 60);
      assert.equal((await shop.view.findOne(id))?.id, id);
      assert.equal((await shop.view.findOneBy("idx_oid", { oid: row.oid }))?.id, id);
    });

    it("remembers for a minute that a unique key is nobody's, and takes it back at a failed insert", async () => {
      const { mobile } = newRow();
      assert.equal(await shop.view.findOneBy("idx_mobile", { mobile }), undefined);
      await until("the placeholder is in Redis", async () => (await entry(`mobile:${mobile}`)) === "*");
      await shop.stored.insert({ ...newRow(), mobile });
      await assert.rejects(shop.members.insert({ ...newRow(), mobile }), DuplicateKeyError);
      assert.equal((await shop.view.findOneBy("idx_mobile", { mobile }))?.mobile, mobile);
    });

    it("removes the placeholder of a value that a new row has by default", async () => {
      const { mobile } = newRow();
      await shop.go.set("cache:member:oid:0", "*", "EX", 60);
      const id = await shop.members.insert({ mobile });
      assert.equal(await entry("oid:0"), null);
      await shop.members.delete(id);
    });

    const changes: Readonly<Record<string, (row: MemberRow) => Promise<unknown>>> = {
      update: (row) => shop.members.update(row.id, { name: "new" }),
      "compare-and-set": (row) => shop.members.update(row.id, { name: "new" }, { expect: { name: "ving" } }),
      updateMany: (row) => shop.members.updateMany([row.id], (query) => query.set({ name: "new" })),
      "update in a transaction": (row) =>
        shop.database.transaction((tx) => shop.members.update(row.id, { name: "new" }, { tx })),
      "updateMany in a transaction": (row) =>
        shop.database.transaction((tx) =>
          shop.members.updateMany([row.id], (query) => query.set({ name: "new" }), tx),
        ),
    };
    for (const [what, change] of Object.entries(changes)) {
      it(`is seen by all processes under all keys after ${what}`, async () => {
        const row = await add();
        await fill(row);
        await change(row);
        for (const members of [shop.view, shop.othersView]) {
          assert.equal((await members.findOne(row.id))?.name, "new");
          assert.equal((await members.findOneBy("idx_mobile", { mobile: row.mobile }))?.name, "new");
          assert.equal((await members.findOneBy("idx_oid", { oid: row.oid }))?.name, "new");
        }
        const byOrder = await entry(`oid:${row.oid}`);
        assert.ok(
          byOrder === null || byOrder === "" || byOrder.includes('"new"'),
          "a Go process sees it too",
        );
      });
    }

    it("is seen by all processes under all keys after a decrease, and as before where there is not as much", async () => {
      const row = await add();
      await shop.members.update(row.id, { points: 5 });
      const take = (amount: number) => ({ property: "points", amount }) as const;
      const isLeft = async (points: number): Promise<void> => {
        for (const members of [shop.view, shop.othersView]) {
          assert.equal((await members.findOne(row.id))?.points, points);
          assert.equal((await members.findOneBy("idx_mobile", { mobile: row.mobile }))?.points, points);
          assert.equal((await members.findOneBy("idx_oid", { oid: row.oid }))?.points, points);
        }
      };
      await isLeft(5);
      assert.equal(await shop.members.decrease(row.id, take(2)), true);
      await isLeft(3);
      assert.equal(await shop.database.share((tx) => shop.members.decrease(row.id, take(3), { tx })), true);
      await isLeft(0);
      assert.equal(await shop.members.decrease(row.id, take(1)), false);
      await isLeft(0);
    });

    it("frees the old value of a unique key and takes the new one", async () => {
      const row = await add();
      const next = newRow();
      await fill(row);
      assert.equal(await shop.othersView.findOneBy("idx_mobile", { mobile: next.mobile }), undefined);
      assert.equal(await shop.members.update(row.id, { mobile: next.mobile, oid: next.oid }), true);
      for (const key of [`mobile:${row.mobile}`, `oid:${row.oid}`, `mobile:${next.mobile}`, `id:${row.id}`]) {
        assert.equal(await entry(key), null, key);
      }
      assert.equal(await shop.othersView.findOneBy("idx_mobile", { mobile: row.mobile }), undefined);
      assert.equal((await shop.othersView.findOneBy("idx_mobile", { mobile: next.mobile }))?.id, row.id);
      assert.equal(await shop.othersView.findOneBy("idx_oid", { oid: row.oid }), undefined);
    });

    it("changes a row whose entry is older than the database", async () => {
      const row = await add();
      await fill(row);
      const [moved, next] = [newRow(), newRow()];
      await shop.stored.update(row.id, { oid: moved.oid });
      await shop.go.set(`cache:member:oid:${moved.oid}`, goText({ ...row, oid: moved.oid }));
      assert.equal(await shop.members.update(row.id, { oid: next.oid, points: 5 }), true);
      assert.equal(await entry(`oid:${moved.oid}`), null);
      assert.equal((await shop.view.findOneBy("idx_oid", { oid: next.oid }))?.points, 5);
    });

    it("says false where no row is there or it holds something else, and changes nothing", async () => {
      const row = await add();
      assert.equal(await shop.members.update(row.id, { points: 1 }, { expect: { name: "x" } }), false);
      assert.equal(await shop.members.update(row.id, { oid: 777_777 }, { expect: { oid: 1 } }), false);
      assert.equal(await shop.members.delete(row.id, { expect: { points: 3 } }), false);
      assert.equal(await shop.members.update(999_999, { points: 1 }), false);
      assert.equal(await shop.members.update(Number.NaN, { points: 1 }), false);
      assert.equal(await shop.members.delete(999_999), false);
      assert.deepEqual(await shop.stored.findOne(row.id), row);
    });

    it("is gone for all processes under all keys after delete", async () => {
      const row = await add();
      await fill(row);
      assert.equal(await shop.members.delete(row.id), true);
      for (const members of [shop.view, shop.othersView]) {
        assert.equal(await members.findOne(row.id), undefined);
        assert.equal(await members.findOneBy("idx_mobile", { mobile: row.mobile }), undefined);
        assert.equal(await members.findOneBy("idx_oid", { oid: row.oid }), undefined);
      }
    });

    it("shows a transaction's changes from its commit on, and nothing of one that was undone", async () => {
      const row = await add();
      await fill(row);
      await shop.database.transaction(async (tx) => {
        await shop.members.update(row.id, { name: "new" }, { tx });
        assert.equal((await shop.members.findOne(row.id, tx))?.name, "new");
        assert.equal((await shop.view.findOne(row.id))?.name, "ving");
        assert.equal((await shop.othersView.findOneBy("idx_oid", { oid: row.oid }))?.name, "ving");
      });
      assert.equal((await shop.othersView.findOne(row.id))?.name, "new");
      assert.equal((await shop.othersView.findOneBy("idx_oid", { oid: row.oid }))?.name, "new");
      const undone = shop.database.transaction(async (tx) => {
        await shop.members.update(row.id, { name: "undone" }, { tx });
        throw new Error("undo");
      });
      await assert.rejects(undone, /undo/);
      assert.equal((await shop.view.findOne(row.id))?.name, "new");
      await until("the new row is in Redis", async () => {
        await shop.view.findOne(row.id);
        return (await entry(`id:${row.id}`))?.includes('"new"') === true;
      });
    });

    it("shows a row that a transaction inserted from its commit on", async () => {
      const row = newRow();
      const id = await shop.database.transaction(async (tx) => {
        const inserted = await shop.members.insert(row, tx);
        assert.equal(await shop.othersView.findOneBy("idx_mobile", { mobile: row.mobile }), undefined);
        return inserted;
      });
      assert.equal((await shop.othersView.findOneBy("idx_mobile", { mobile: row.mobile }))?.id, id);
      assert.equal((await shop.othersView.findOne(id))?.id, id);
    });

    it("gives every caller a row of its own", async () => {
      const row = await add();
      const [first, second] = await Promise.all([shop.view.findOne(row.id), shop.view.findOne(row.id)]);
      assert.notEqual(first, second);
      assert.deepEqual(first, second);
    });

    it("says what the database says after any mix of reads and writes by all processes at once", async () => {
      const rows = await Promise.all(Array.from({ length: 6 }, () => add()));
      const spare = Array.from({ length: 4 }, () => newRow());
      let seed = 7;
      const pick = <Item>(items: readonly Item[]): Item => {
        seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
        return found(items[Math.floor((seed / 2 ** 31) * items.length)]);
      };
      const keysUsed = [...rows, ...spare];
      const step = async (): Promise<void> => {
        const members = pick([shop.members, shop.others]);
        const view = pick([shop.view, shop.othersView]);
        const { id } = pick(rows);
        const { mobile, oid } = pick(keysUsed);
        await pick<() => Promise<unknown>>([
          () => view.findOne(id),
          () => view.findOneBy("idx_mobile", { mobile }),
          () => view.findOneBy("idx_oid", { oid }),
          () => members.update(id, { points: numbers }),
          () => members.update(id, { mobile }).catch(ignoreDuplicate),
          () => members.update(id, { oid }).catch(ignoreDuplicate),
          () => members.updateMany([id], (query) => query.set((row) => ({ points: row("points", "+", 1) }))),
          async () => {
            await sql(`UPDATE member SET points = points + 1 WHERE id = ${id}`);
            await shop.go.del(`cache:member:id:${id}`);
          },
        ])();
      };
      const actor = async (): Promise<void> => {
        for (let count = 0; count < 60; count += 1) await step();
      };
      await Promise.all(Array.from({ length: 8 }, actor));
      for (const members of [shop.view, shop.othersView, shop.view]) {
        for (const { id, mobile, oid } of keysUsed.map((row) => ({ id: 0, ...row }))) {
          assert.deepEqual(await members.findOne(id), await shop.stored.findOne(id));
          const byMobile = await members.findOneBy("idx_mobile", { mobile });
          assert.deepEqual(byMobile, await shop.stored.findOneBy("idx_mobile", { mobile }));
          const byOrder = await members.findOneBy("idx_oid", { oid });
          assert.deepEqual(byOrder, await shop.stored.findOneBy("idx_oid", { oid }));
        }
      }
    });

    /** Lets Redis have all entries of a row. */
    async function fill(row: MemberRow): Promise<void> {
      await until("all entries of the row are in Redis", async () => {
        await shop.view.findOne(row.id);
        await shop.view.findOneBy("idx_mobile", { mobile: row.mobile });
        await shop.view.findOneBy("idx_oid", { oid: row.oid });
        const entries = await Promise.all(
          [`id:${row.id}`, `mobile:${row.mobile}`, `oid:${row.oid}`].map(entry),
        );
        return entries.every((text) => text !== null && text !== "");
      });
    }
  });
});

/** What a Go process whose struct has our columns writes; tests have a database in UTC. */
function goText(row: MemberRow): string {
  const time = (value: Date): string => value.toISOString().replace(/\.?0*Z$/, "Z");
  return `{"Id":${row.id},"Name":"${row.name}","Mobile":"${row.mobile}","Oid":${row.oid},"CreateTime":"${time(row.createTime)}","UpdateTime":"${time(row.updateTime)}","Points":${row.points}}`;
}

function found<Row>(row: Row | undefined): Row {
  assert.ok(row !== undefined);
  return row;
}

function ignoreDuplicate(error: unknown): void {
  if (!(error instanceof DuplicateKeyError)) throw error;
}
