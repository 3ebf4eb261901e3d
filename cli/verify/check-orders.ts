import { SAGA_OPEN_MS_MAX } from "@mall/kit/config";
import { readPages } from "@mall/kit/store";
import type { Finding } from "./finding.ts";
import { judgeOrder } from "./judge-order.ts";
import { type MallSnapshots, withSnapshots } from "./mall-databases.ts";
import { ALL_ORDERS, readOrderFiles, readOrderRows } from "./order-file.ts";
import { SecondLooks } from "./second-look.ts";
import type { Verification } from "./verification.ts";

/** Orders that were looked at. */
export interface OrdersSeen {
  readonly orders: number;
  /** Those whose pieces could be followed, branch by branch. */
  readonly withPieces: number;
}

/** Looks at every order's end, its pieces, and whether it has the payment that its state needs. */
export async function checkOrders(verification: Verification, snapshots: MallSnapshots): Promise<OrdersSeen> {
  const { databases, report, progress } = verification;
  const looks = new SecondLooks((ids) => lookAt(verification, ids), report);
  let [orders, withPieces] = [0, 0];
  for await (const rows of readPages(snapshots.order, ALL_ORDERS)) {
    const reading = { databases, snapshots, knownSince: knownSince(verification), isThorough: false };
    const files = await readOrderFiles(reading, rows);
    const suspects = files.filter((file) => judgeOrder(file, verification).length > 0);
    await looks.suspect(suspects.map(({ id }) => id));
    orders += files.length;
    withPieces += files.filter(({ takes }) => takes.length > 0).length;
    progress("orders", orders);
  }
  await looks.finish();
  return { orders, withPieces };
}

function lookAt(verification: Verification, ids: readonly number[]): Promise<Finding[]> {
  const { databases } = verification;
  return withSnapshots(databases, async (snapshots) => {
    const rows = await readOrderRows(snapshots.order, ids);
    const reading = { databases, snapshots, knownSince: knownSince(verification), isThorough: true };
    const files = await readOrderFiles(reading, rows);
    return files.flatMap((file) => judgeOrder(file, verification));
  });
}

/** Rows of barriers are kept for twice as long at least, however short an operator keeps them. */
function knownSince({ now }: Verification): number {
  return now - SAGA_OPEN_MS_MAX;
}
