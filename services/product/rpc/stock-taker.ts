import { createBatcher } from "@mall/kit/async";
import type { BranchInfo } from "@mall/kit/call";
import { type AppError, toAppError } from "@mall/kit/errors";
import type { Barrier } from "@mall/kit/saga";
import type { Database } from "@mall/kit/store";
import type { ProductModel } from "../model/product-model.ts";
import { stockInsufficient } from "./errors.ts";
import type { StockMetrics } from "./metrics.ts";
import { type Pieces, refuseMissing, takePieces } from "./take-pieces.ts";

/** Pieces that a branch of a saga asks for. */
interface Wanted extends Pieces {
  readonly branch: BranchInfo;
}

/**
 * Takes pieces for a branch, once, or none.
 *
 * @throws AppError why there are none to take.
 */
export type TakeForBranch = (wanted: Wanted) => Promise<void>;

interface Parts {
  readonly database: Database;
  readonly barrier: Barrier;
  readonly productModel: ProductModel;
  readonly stock: StockMetrics;
}

type Outcome = "taken" | AppError;

/** Of more, all but one would wait for a row that they share. */
const BATCHES_AT_ONCE = 2;

/**
 * A product that everybody wants is one row, which a transaction holds until its commit is on disk. So branches that
 * ask while others are served share the next transaction, and one change of each row.
 */
export function createStockTaker(parts: Parts): TakeForBranch {
  const options = { inFlightMax: BATCHES_AT_ONCE };
  const take = createBatcher<Wanted, Outcome>(parts.database.runtime, options, (batch) =>
    takeBatch(parts, batch),
  );
  return async (wanted) => {
    await take(wanted);
  };
}

async function takeBatch(parts: Parts, batch: readonly Wanted[]): Promise<Outcome[]> {
  if (batch.length > 1 && (await takeTogether(parts, batch))) return batch.map(() => "taken");
  const outcomes = new Map<Wanted, Outcome>();
  const groups = [...Map.groupBy(batch, ({ id }) => id).values()];
  const isTried = groups.length === 1;
  await Promise.all(groups.map((group) => takeGroup(parts, { group, isTried }, outcomes)));
  return batch.map((wanted) => outcomes.get(wanted) ?? "taken");
}

/** All of a group want the same product; `isTried`: they cannot be served together. */
async function takeGroup(
  parts: Parts,
  { group, isTried }: { readonly group: readonly Wanted[]; readonly isTried: boolean },
  outcomes: Map<Wanted, Outcome>,
): Promise<void> {
  const isShared = group.length > 1;
  if (isShared && !isTried && (await takeTogether(parts, group))) return;
  await Promise.all(
    group.map(async (wanted) => outcomes.set(wanted, await takeAlone(parts, wanted, isShared))),
  );
}

/** False where there is not enough for all of them, or one of them cannot be served. */
async function takeTogether(parts: Parts, batch: readonly Wanted[]): Promise<boolean> {
  const { database, barrier, productModel } = parts;
  const branches = batch.map(({ branch }) => branch);
  try {
    await database.transaction(async (tx) => {
      if (!(await barrier.enterAll(tx, branches))) throw stockInsufficient();
      for (const [num, ids] of idsByNum(batch)) {
        if ((await productModel.takeStockOfEach(ids, num, tx)) < ids.length) throw stockInsufficient();
      }
    });
    return true;
  } catch {
    // Each gets its own reason when it runs alone.
    return false;
  }
}

/** Products by how many pieces are wanted of each, in an order that all transactions have. */
function idsByNum(batch: readonly Wanted[]): [number, number[]][] {
  const nums = new Map<number, number>();
  for (const { id, num } of batch) nums.set(id, (nums.get(id) ?? 0) + num);
  const groups = Map.groupBy(
    [...nums.keys()].sort((one, other) => one - other),
    (id) => nums.get(id) ?? 0,
  );
  return [...groups].sort(([one], [other]) => one - other);
}

/** `isScarce`: looks first, since whoever gets nothing must not hold the row either. */
async function takeAlone(parts: Parts, wanted: Wanted, isScarce: boolean): Promise<Outcome> {
  const { database, barrier } = parts;
  try {
    await database.transaction((tx) =>
      barrier.run(tx, wanted.branch, async () => {
        if (isScarce) await refuseMissing(parts, wanted, tx);
        await takePieces(parts, wanted, tx);
      }),
    );
    return "taken";
  } catch (error) {
    return toAppError(error);
  }
}
