import { found } from "./finding.ts";
import { type MallDatabases, withSnapshots } from "./mall-databases.ts";
import { countOnTheWay, type OutOfStock, readOutOfStock, readStocks } from "./pieces-on-the-way.ts";
import type { Verification } from "./verification.ts";

/** Pieces of products altogether, in stock, held and sold, where somebody knows; by product. */
export type InitialStock = ReadonlyMap<number, number>;

/** Looks for a moment at which no order of the products moves. */
const LOOKS_MAX = 5;

/** Pieces of the products that were asked for, as of one moment. */
interface Count {
  readonly stocks: ReadonlyMap<number, number>;
  readonly ordered: ReadonlyMap<number, number>;
  readonly onTheWay: ReadonlyMap<number, number>;
}

/** Where it is known how many pieces there are altogether, so many are in stock, ordered, or on their way. */
export async function checkStockSums(
  { databases, report }: Verification,
  initial: InitialStock,
): Promise<void> {
  if (initial.size === 0) return;
  const count = await countAtOneMoment(databases, [...initial.keys()]);
  for (const [pid, of] of initial) {
    const rows = { product: pid };
    if (count === undefined) {
      const text = `product ${pid}: its orders moved while its stock was read`;
      await report(found("STOCK_SUM", { text, rows, isUnderWay: true }));
      continue;
    }
    const stock = count.stocks.get(pid) ?? 0;
    const ordered = count.ordered.get(pid) ?? 0;
    const onTheWay = count.onTheWay.get(pid) ?? 0;
    if (stock + ordered + onTheWay === of) continue;
    const text = `product ${pid}: ${stock} in stock, ${ordered} ordered and ${onTheWay} on the way, of ${of}`;
    await report(found("STOCK_SUM", { text, rows }));
  }
}

/**
 * Orders are read before stock and after it: where they did not move in between, what was read is of one moment.
 * Undefined where they never stood still.
 */
async function countAtOneMoment(
  databases: MallDatabases,
  pids: readonly number[],
): Promise<Count | undefined> {
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const { before, ...rest } = await withSnapshots(databases, async ({ order, product }) => {
      const out = await readOutOfStock(order, pids);
      const stocks = await readStocks(product, pids);
      return { before: out, stocks, onTheWay: await countOnTheWay(product, out.onTheWay) };
    });
    const count = { ...rest, ordered: before.ordered };
    if (databases.order === databases.product) return count;
    const after: OutOfStock = await databases.order.snapshot((later) => readOutOfStock(later, pids));
    if (after.mark === before.mark) return count;
  }
  return undefined;
}
