import { type BranchInfo, createBatcher } from "@mall/kit/context";
import { type AppError, toAppError } from "@mall/kit/errors";
import type { ServiceContext } from "./context.ts";
import { stockInsufficient } from "./errors.ts";
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

type Parts = Pick<ServiceContext, "database" | "barrier" | "productModel" | "stock">;
type Outcome = "taken" | AppError;

/** Of more, all but one would wait for a row that they share. */
const BATCHES_AT_ONCE = 2;

/**
 * A product that everybody wants is one row, which a transaction holds until its commit is on disk. So branches that
 * ask for it while others are served share the next transaction, and one change of that row.
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
  const outcomes = new Map<Wanted, Outcome>();
  const groups = [...Map.groupBy(batch, ({ id }) => id).values()];
  await Promise.all(groups.map((group) => takeGroup(parts, group, outcomes)));
  return batch.map((wanted) => outcomes.get(wanted) ?? "taken");
}

/** All of a group want the same product. */
async function takeGroup(
  parts: Parts,
  group: readonly Wanted[],
  outcomes: Map<Wanted, Outcome>,
): Promise<void> {
  const isShared = group.length > 1;
  if (isShared && (await takeTogether(parts, group))) return;
  await Promise.all(
    group.map(async (wanted) => outcomes.set(wanted, await takeAlone(parts, wanted, isShared))),
  );
}

/** False where there is not enough for all of them, or one of them cannot be served. */
async function takeTogether(parts: Parts, group: readonly Wanted[]): Promise<boolean> {
  const { database, barrier, productModel } = parts;
  try {
    await database.transaction(async (tx) => {
      let num = 0;
      for (const wanted of group) {
        await barrier.run(tx, wanted.branch, async () => {
          num += wanted.num;
        });
      }
      const [first] = group;
      if (first === undefined || num === 0) return;
      if (!(await productModel.takeStock(first.id, num, tx))) throw stockInsufficient();
    });
    return true;
  } catch {
    // Each of them is told its own reason when it is alone.
    return false;
  }
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
