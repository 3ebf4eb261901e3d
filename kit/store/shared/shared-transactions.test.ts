import assert from "node:assert/strict";
import { it } from "node:test";
import { AppError } from "@mall/kit/errors";
import { forEachDatabase, useSamples } from "@mall/kit/testing";
import { DuplicateKeyError, type RowTransaction } from "../index.ts";

const MEMBERS = 64;
const REFUSED = new AppError("FAILED_PRECONDITION", "NO", "no");

forEachDatabase("transactions that many share", (databases) => {
  const use = useSamples(databases);
  const putUp = async (prefix: string, count = MEMBERS): Promise<number[]> =>
    Promise.all(
      Array.from({ length: count }, (_, index) => use().samples.insert({ name: `${prefix}-${index}` })),
    );
  const balancesOf = async (ids: readonly number[]): Promise<(number | undefined)[]> =>
    Promise.all(ids.map(async (id) => (await use().samples.findOne(id))?.balance));

  /** Adds one to a row that is locked, and writes another down. */
  const addOne = async (tx: RowTransaction, id: number, note = `noted-${id}`): Promise<number> => {
    const { samples } = use();
    const row = await samples.lockOne(id, tx);
    assert.ok(row !== undefined);
    const changed = await samples.update(
      id,
      { balance: row.balance + 1 },
      { expect: { balance: row.balance }, tx },
    );
    assert.ok(changed);
    return samples.insert({ name: note, owner: id }, tx);
  };
  /** What became of one bad work beside 64 good ones, each of which must have had its effect once. */
  const beside = async (
    prefix: string,
    bad: (tx: RowTransaction) => Promise<unknown>,
  ): Promise<PromiseSettledResult<unknown>> => {
    const ids = await putUp(prefix);
    const { database, samples } = use();
    // First, so that it is in the group of most of them.
    const ended = Promise.allSettled([database.share(bad)]);
    const asked = ids.map((id) => database.share((tx) => addOne(tx, id, `${prefix}+${id}`)));
    const noted = await Promise.all(asked);
    assert.deepEqual(await balancesOf(ids), Array(MEMBERS).fill(1));
    const notes = await Promise.all(noted.map((id) => samples.findOne(id)));
    assert.deepEqual(
      notes.map((note) => note?.name),
      ids.map((id) => `${prefix}+${id}`),
    );
    const [end] = await ended;
    assert.ok(end !== undefined);
    return end;
  };
  const reasonOf = (end: PromiseSettledResult<unknown>): unknown =>
    end.status === "rejected" ? end.reason : undefined;

  it("have the effect of each once, and give each its own answer", async () => {
    const end = await beside("each", async () => "answer");
    assert.deepEqual(end, { status: "fulfilled", value: "answer" });
  });

  it("cost nobody else anything where one refuses before it has written", async () => {
    const [id = 0] = await putUp("refuses-row", 1);
    const end = await beside("refuses", async (tx) => {
      await use().samples.lockOne(id, tx);
      throw REFUSED;
    });
    assert.equal(reasonOf(end), REFUSED);
  });

  it("take back what one has written that fails, and nothing else", async () => {
    const [id = 0] = await putUp("fails-row", 1);
    const end = await beside("fails", async (tx) => {
      await addOne(tx, id);
      throw REFUSED;
    });
    assert.equal(reasonOf(end), REFUSED);
    assert.deepEqual(await balancesOf([id]), [0]);
    assert.equal(await use().samples.findOneBy("idx_name_unique", { name: `noted-${id}` }), undefined);
  });

  it("tell of a unique key that is taken only to the one that wanted it", async () => {
    await use().samples.insert({ name: "taken" });
    const end = await beside("keys", (tx) => use().samples.insert({ name: "taken" }, tx));
    assert.ok(reasonOf(end) instanceof DuplicateKeyError);
  });

  it("go on for one that is told of a taken key and makes do without", async () => {
    const [id = 0] = await putUp("makes-do-row", 1);
    const end = await beside("makes-do", async (tx) => {
      await assert.rejects(use().samples.insert({ name: "makes-do-row-0" }, tx), DuplicateKeyError);
      return addOne(tx, id);
    });
    assert.equal(reasonOf(end), undefined);
    assert.deepEqual(await balancesOf([id]), [1]);
  });

  it("tell of a value that the database does not take only to the one that has it", async () => {
    const end = await beside("values", (tx) => use().samples.insert({ name: "x".repeat(21) }, tx));
    assert.equal(Reflect.get(Object(reasonOf(end)), "reason"), "INVALID_FIELD");
  });

  it("let none change a row that is not as it was read", async () => {
    const [id = 0] = await putUp("stale-row", 1);
    const end = await beside("stale", (tx) =>
      use().samples.update(id, { balance: 9 }, { expect: { balance: 7 }, tx }),
    );
    assert.deepEqual(end, { status: "fulfilled", value: false });
    assert.deepEqual(await balancesOf([id]), [0]);
  });

  it("give a row that many want to each of them in turn", async () => {
    const [id = 0] = await putUp("wanted", 1);
    const { database } = use();
    await Promise.all(
      Array.from({ length: MEMBERS }, (_, index) =>
        database.share((tx) => addOne(tx, id, `wanted+${index}`)),
      ),
    );
    assert.deepEqual(await balancesOf([id]), [MEMBERS]);
  });

  it("show nobody what another has not committed", async () => {
    const [id = 0, other = 0] = await putUp("seen", 2);
    const { database, samples } = use();
    const written = Promise.withResolvers<void>();
    const seen = await Promise.all([
      database.share(async (tx) => {
        await addOne(tx, id, "seen-row").finally(() => written.resolve());
      }),
      database.share(async (tx) => {
        await samples.lockOne(other, tx);
        await Promise.race([written.promise, new Promise((resolve) => setImmediate(resolve))]);
        return [await samples.findOne(id, tx), ...(await samples.findAllBy("owner", id, tx))];
      }),
    ]);
    const [row, ...owned] = seen[1];
    // Before or after the other, but not in between.
    assert.equal(row?.balance, owned.length);
  });

  const take = async (tx: RowTransaction, id: number): Promise<number> => {
    const isTaken = await use().samples.decrease(id, { property: "balance", amount: 1 }, { tx });
    if (!isTaken) throw REFUSED;
    return use().samples.insert({ owner: id }, tx);
  };

  it("take off one row what all of them want", async () => {
    const { database, samples } = use();
    const id = await samples.insert({ name: "shelf", balance: MEMBERS + 1 });
    const taken = await Promise.all(
      Array.from({ length: MEMBERS }, () => database.share((tx) => take(tx, id))),
    );
    assert.equal(new Set(taken).size, MEMBERS);
    assert.deepEqual(await balancesOf([id]), [1]);
  });

  it("take off a row what is there, and refuse those for whom nothing is left", async () => {
    const { database, samples } = use();
    const [scarce, plenty] = [
      await samples.insert({ balance: 5 }),
      await samples.insert({ balance: MEMBERS }),
    ];
    const run = (id: number) => Promise.allSettled([database.share((tx) => take(tx, id))]);
    const ends = await Promise.all(
      Array.from({ length: MEMBERS }, async (_, index) => ({
        isScarce: index % 2 === 0,
        end: (await run(index % 2 === 0 ? scarce : plenty))[0],
      })),
    );
    const refused = ends.filter(({ end }) => end?.status === "rejected");
    assert.ok(
      refused.every(({ isScarce, end }) => isScarce && end !== undefined && reasonOf(end) === REFUSED),
    );
    assert.equal(refused.length, MEMBERS / 2 - 5);
    assert.deepEqual(await balancesOf([scarce, plenty]), [0, MEMBERS / 2]);
  });

  it("take nothing off for one that fails, and give what it wanted to others", async () => {
    const id = await use().samples.insert({ balance: 2 });
    const { database } = use();
    const failing = Promise.allSettled([
      database.share(async (tx) => {
        await take(tx, id);
        throw REFUSED;
      }),
    ]);
    await Promise.all([database.share((tx) => take(tx, id)), database.share((tx) => take(tx, id))]);
    assert.equal((await failing)[0]?.status, "rejected");
    assert.deepEqual(await balancesOf([id]), [0]);
  });

  it("show none what another has taken that fails in the end", async () => {
    const { database, samples } = use();
    const id = await samples.insert({ balance: 10 });
    const took = Promise.withResolvers<void>();
    const look = (find: (tx: RowTransaction) => Promise<{ balance: number } | undefined>) =>
      database.share(async (tx) => {
        await Promise.race([took.promise, new Promise((resolve) => setImmediate(resolve))]);
        return (await find(tx))?.balance;
      });
    const [, ...seen] = await Promise.all([
      database
        .share(async (tx) => {
          await take(tx, id).finally(() => took.resolve());
          throw REFUSED;
        })
        .catch(() => {}),
      look((tx) => samples.findOne(id, tx)),
      look((tx) => samples.lockOne(id, tx)),
    ]);
    assert.deepEqual(seen, [10, 10]);
  });

  it("write rows together, and find those of a value in their order", async () => {
    const { database, samples } = use();
    const found = await Promise.all(
      Array.from({ length: 5 }, (_, index) =>
        database.share(async (tx) => {
          const owner = 900_000 + index;
          await samples.insertAll(
            [1, 2].map((number) => ({ name: `rows-${index}-${number}`, owner, number })),
            tx,
          );
          return (await samples.findAllBy("owner", owner, tx)).map(({ number }) => number);
        }),
      ),
    );
    assert.deepEqual(found, Array(5).fill([1, 2]));
  });

  it("do what waits for the end once it is known, for each by itself", async () => {
    const ids = await putUp("ends", 3);
    const { database } = use();
    const ends: string[] = [];
    const run = (index: number) =>
      database.share(async (tx) => {
        tx.afterEnd(async (end) => void ends.push(`${index} ${end}`));
        await addOne(tx, ids[index] ?? 0);
        if (index === 1) throw REFUSED;
      });
    await Promise.allSettled([run(0), run(1), run(2)]);
    assert.deepEqual(ends.filter((end) => end.endsWith("committed")).sort(), ["0 committed", "2 committed"]);
    assert.ok(ends.includes("1 rolledBack"));
  });

  it("do not wait for one whose row somebody else holds", async () => {
    const [held = 0] = await putUp("held-row", 1);
    const { database, samples } = use();
    if (database.dialect === "sqlite") return;
    const holds = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const holder = database.transaction(async (tx) => {
      await samples.lockOne(held, tx);
      holds.resolve();
      await release.promise;
    });
    await holds.promise;
    const free = await putUp("free", MEMBERS - 1);
    const waiting = database.share((tx) => addOne(tx, held, "held+"));
    await Promise.all(free.map((id) => database.share((tx) => addOne(tx, id))));
    release.resolve();
    await Promise.all([holder, waiting]);
    assert.deepEqual(await balancesOf([held]), [1]);
  });

  it("end for those that have ended where one never does", async () => {
    const [id = 0] = await putUp("hangs-row", 1);
    const { database } = use();
    if (database.dialect === "sqlite") return;
    const times: number[] = [];
    const end = await beside("hangs", async (tx) => {
      times.push(times.length);
      await addOne(tx, id, `hangs+${times.length}`);
      if (times.length === 1) await new Promise(() => {});
    });
    assert.equal(reasonOf(end), undefined);
    assert.deepEqual(await balancesOf([id]), [1]);
  });
});
