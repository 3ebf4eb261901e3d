import assert from "node:assert/strict";
import { it } from "node:test";
import { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { createIdempotency, type Idempotency, idempotencyMigrations } from "@mall/kit/idempotency";
import { type Database, migrateToLatest } from "@mall/kit/store";

const ROUNDS = 10;
const TWINS = 12;

/** A process on a node: every effect is a row of the table `sale`. */
interface Shop {
  readonly database: Database;
  readonly idempotency: Idempotency;
}

/** Keys of requests that come to processes on several nodes; `openAll` gives a handle on each to a new database. */
export function testKeysAcrossNodes(openAll: () => Promise<Database[]>): void {
  const openShops = async (): Promise<Shop[]> => {
    const databases = await openAll();
    const [first = assert.fail()] = databases;
    await migrateToLatest(first, idempotencyMigrations);
    await first.write({
      sql: "CREATE TABLE sale (id bigint AUTO_INCREMENT PRIMARY KEY, item int)",
      parameters: [],
    });
    return databases.map((database) => ({ database, idempotency: createIdempotency(database) }));
  };

  it("twins that come to three nodes at once have one effect, and all get its answer", async () => {
    const shops = await openShops();
    for (let item = 0; item < ROUNDS; item += 1) {
      const answers = await Promise.all(
        Array.from({ length: TWINS }, (_, number) =>
          sell(shopAt(shops, number), `twins-${item}`, { item, number }),
        ),
      );
      assert.equal(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1);
      assert.equal(await salesOf(shopAt(shops, item), item), 1);
    }
  });

  it("of two transactions with one key that reach COMMIT on two nodes one is rolled back and gives the other's answer", async () => {
    const shops = await openShops();
    for (let item = 0; item < ROUNDS; item += 1) {
      const meet = meeting(2);
      const [one, other] = await Promise.all(
        [0, 1].map((number) => sell(shopAt(shops, number), `met-${item}`, { item, number }, meet)),
      );
      assert.deepEqual(one, other);
      assert.equal(await salesOf(shopAt(shops, 2), item), 1);
    }
  });

  it("of two requests under one key that meet on two nodes one has its effect and the other is refused", async () => {
    const shops = await openShops();
    for (let round = 0; round < ROUNDS; round += 1) {
      const meet = meeting(2);
      const items = [round * 2, round * 2 + 1];
      const ends = await Promise.allSettled(
        items.map((item, number) => sell(shopAt(shops, number), `rivals-${round}`, { item, number }, meet)),
      );
      const refused = ends.flatMap((end) => (end.status === "rejected" ? [reasonOf(end.reason)] : []));
      assert.deepEqual(refused, ["IDEMPOTENCY_KEY_REUSED"]);
      const sold = await Promise.all(items.map((item) => salesOf(shopAt(shops, 2), item)));
      assert.deepEqual(sold.toSorted(), [0, 1]);
    }
  });

  it("work that two nodes begin at once under one key is done by one, and the other gives its answer", async () => {
    const shops = await openShops();
    let done = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const meet = meeting(2);
      const work = (number: number): Promise<number> => {
        const { database, idempotency } = shopAt(shops, number);
        return idempotency.once<number>(callOf(`long-${round}`), { pid: 1 }, (commit) =>
          commit.begun(async (begin) => {
            const reference = `long-${round}-${number}`;
            await database.transaction(async (tx) => {
              await begin(tx, reference);
              await meet();
            });
            done += 1;
            await database.transaction((tx) => idempotency.settle(tx, reference, { ok: number }));
            return number;
          }),
        );
      };
      const [one, other] = await Promise.all([work(0), work(1)]);
      assert.equal(one, other);
      assert.equal(done, round + 1);
    }
  });
}

/** Sells one item in the transaction that keeps the answer; `meet` is waited for right before its end. */
function sell(
  { idempotency }: Shop,
  key: string,
  { item, number }: { item: number; number: number },
  meet = async (): Promise<void> => {},
): Promise<{ number: number }> {
  return idempotency.once<{ number: number }>(callOf(key), { item }, (commit) =>
    commit.transaction(async (tx) => {
      await tx.write({ sql: "INSERT INTO sale (item) VALUES (?)", parameters: [item] });
      await meet();
      return { answer: { number } };
    }),
  );
}

/** Resolves once so many have come for the first time; who comes again does not wait. */
export function meeting(size: number): () => Promise<void> {
  const all = Promise.withResolvers<void>();
  let came = 0;
  return () => {
    came += 1;
    if (came >= size) all.resolve();
    return all.promise;
  };
}

function callOf(key: string): Call {
  return new Call({
    method: "/pay.Pay/Create",
    deadline: Date.now() + 20_000,
    idempotency: { key, owner: "user:1" },
  });
}

async function salesOf({ database }: Shop, item: number): Promise<number> {
  const sql = "SELECT count(*) AS sales FROM sale WHERE item = ?";
  return Number((await database.read({ sql, parameters: [item] }))[0]?.sales);
}

function shopAt(shops: readonly Shop[], number: number): Shop {
  return shops[number % shops.length] ?? assert.fail("there is no shop");
}

function reasonOf(error: unknown): string {
  return error instanceof AppError ? error.reason : String(error);
}
