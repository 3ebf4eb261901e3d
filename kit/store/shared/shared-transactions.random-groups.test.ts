import assert from "node:assert/strict";
import { it } from "node:test";
import { AppError } from "@mall/kit/errors";
import { forEachDatabase, useSamples } from "@mall/kit/testing";
import fc from "fast-check";
import { DuplicateKeyError, type RowTransaction } from "../index.ts";

const ROWS = 6;
const START = 20;
const RUNS = 60;

/** What one member does; rows are numbered among those of the run. */
type Plan =
  | { readonly kind: "move"; readonly from: number; readonly to: number }
  | { readonly kind: "take"; readonly row: number; readonly amount: number }
  | { readonly kind: "write"; readonly name: number }
  | { readonly kind: "look"; readonly row: number };

interface Member {
  readonly plan: Plan;
  /** What it does in the end of itself, whatever it has written. */
  readonly end: "resolves" | "rejects";
  /** Turns of the event loop that it waits between its statements. */
  readonly turns: number;
}

const rowNumber = fc.nat({ max: ROWS - 1 });
const plan: fc.Arbitrary<Plan> = fc.oneof(
  fc.record({ kind: fc.constant("move" as const), from: rowNumber, to: rowNumber }),
  fc.record({ kind: fc.constant("take" as const), row: rowNumber, amount: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ kind: fc.constant("write" as const), name: fc.nat({ max: 7 }) }),
  fc.record({ kind: fc.constant("look" as const), row: rowNumber }),
);
const member: fc.Arbitrary<Member> = fc.record({
  plan,
  end: fc.constantFrom("resolves" as const, "resolves" as const, "resolves" as const, "rejects" as const),
  turns: fc.nat({ max: 3 }),
});

const REJECTED = new AppError("FAILED_PRECONDITION", "REJECTED", "it was to be so");
const EMPTY = new AppError("FAILED_PRECONDITION", "EMPTY", "there is not enough");

forEachDatabase("what shares transactions by chance", (databases) => {
  const use = useSamples(databases);

  /** Does a member's work, in whatever transaction, and says what it changed each row by. */
  const work = async (
    tx: RowTransaction,
    { plan: asked, end, turns }: Member,
    ids: readonly number[],
    nameOf: (name: number) => string,
  ): Promise<ReadonlyMap<number, number>> => {
    const { samples } = use();
    const pause = async (): Promise<void> => {
      for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    };
    const idOf = (row: number): number => ids[row] ?? assert.fail(`row ${row}`);
    const change = async (id: number, by: number): Promise<void> => {
      const row = (await samples.lockOne(id, tx)) ?? assert.fail("the row is there");
      if (row.balance + by < 0) throw EMPTY;
      await pause();
      const options = { expect: { balance: row.balance }, tx };
      assert.ok(await samples.update(id, { balance: row.balance + by }, options), "a locked row stays");
    };
    const changed = new Map<number, number>();
    if (asked.kind === "move") {
      for (const [id, by] of [[idOf(asked.from), -1] as const, [idOf(asked.to), 1] as const]) {
        await change(id, by);
        changed.set(id, (changed.get(id) ?? 0) + by);
        await pause();
      }
    } else if (asked.kind === "take") {
      const { amount } = asked;
      if (!(await samples.decrease(idOf(asked.row), { property: "balance", amount }, { tx }))) throw EMPTY;
      changed.set(idOf(asked.row), -amount);
      await pause();
    } else if (asked.kind === "write") {
      await samples.insert({ name: nameOf(asked.name), balance: 1 }, tx);
      await pause();
    } else {
      const before = await samples.lockOne(idOf(asked.row), tx);
      await pause();
      assert.deepEqual(await samples.findOne(idOf(asked.row), tx), before, "what is locked stays as it is");
    }
    if (end === "rejects") throw REJECTED;
    return changed;
  };

  it("has the effect of each that resolved once, and nothing of the others", async (t) => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    t.diagnostic(`seed ${seed}`);
    let run = 0;
    const property = fc.asyncProperty(fc.array(member, { minLength: 2, maxLength: 40 }), async (members) => {
      const { database, samples } = use();
      run += 1;
      const nameOf = (name: number): string => `run-${run}-${name}`;
      const ids = await Promise.all(
        Array.from({ length: ROWS }, () => samples.insert({ balance: START, note: `run-${run}` })),
      );
      const ends = await Promise.allSettled(
        members.map((each) => database.share((tx) => work(tx, each, ids, nameOf))),
      );
      const balances = new Map(ids.map((id) => [id, START]));
      const written = new Set<string>();
      for (const [index, end] of ends.entries()) {
        const { plan: asked } = members[index] ?? assert.fail();
        if (end.status === "rejected") {
          const isMeant = [REJECTED, EMPTY].includes(end.reason) || end.reason instanceof DuplicateKeyError;
          assert.ok(isMeant, end.reason);
          continue;
        }
        for (const [id, by] of end.value) balances.set(id, (balances.get(id) ?? 0) + by);
        if (asked.kind !== "write") continue;
        assert.ok(!written.has(nameOf(asked.name)), "a unique name was taken twice");
        written.add(nameOf(asked.name));
      }
      const rows = await Promise.all(ids.map(async (id) => [id, (await samples.findOne(id))?.balance]));
      assert.deepEqual(rows, [...balances]);
      const found = await samples.findMany((query) => query.where("name", "like", `run-${run}-%`));
      assert.deepEqual(new Set(found.map(({ name }) => name)), written);
    });
    await fc.assert(property, { seed, numRuns: RUNS });
  });
});
