import { JOB_STATE } from "@mall/kit/jobs";
import { SAGA_STATE } from "@mall/kit/saga";
import { places, readPages, type Snapshot } from "@mall/kit/store";
import { ORDER_STATUS } from "@mall/order/model/order-state";
import { numberIn } from "./open-jobs.ts";
import { RELEASE_JOB, readBarriers, releaseIn } from "./pieces.ts";

/** Pieces that are neither in stock nor an order's. */
interface OnTheWay {
  readonly pid: number;
  readonly num: number;
  /** Of the saga that takes them, or the message that gives them back. */
  readonly gid: string;
  /** True for those that leave stock. */
  readonly isTaking: boolean;
}

/** Pieces outside of stock as the order service knows them at one moment. */
export interface OutOfStock {
  /** Pieces of unpaid and of paid orders, by product. */
  readonly ordered: ReadonlyMap<number, number>;
  readonly onTheWay: readonly OnTheWay[];
  /** The same only where no order, saga or release of these products has changed. */
  readonly mark: string;
}

const HELD = `status IN (${ORDER_STATUS.unpaid}, ${ORDER_STATUS.paid})`;
const SAGAS =
  "SELECT id, gid, payload FROM saga " +
  `WHERE state IN (${SAGA_STATE.forward}, ${SAGA_STATE.back}) AND id > ?`;
const RELEASES =
  `SELECT id, payload FROM job WHERE queue = 'order' AND kind = '${RELEASE_JOB}' ` +
  `AND state IN (${JOB_STATE.waiting}, ${JOB_STATE.dead}) AND id > ?`;

export async function readOutOfStock(snapshot: Snapshot, pids: readonly number[]): Promise<OutOfStock> {
  const rows = await snapshot.read({
    sql:
      "SELECT pid, COUNT(*) AS orders, SUM(num) AS pieces, SUM(id) AS ids FROM `order` " +
      `WHERE pid IN (${places(pids)}) AND ${HELD} GROUP BY pid ORDER BY pid`,
    parameters: pids,
  });
  const onTheWay = [
    ...(await readOnTheWay(snapshot, { sql: SAGAS, isTaking: true }, new Set(pids))),
    ...(await readOnTheWay(snapshot, { sql: RELEASES, isTaking: false }, new Set(pids))),
  ];
  const marks = rows.map(({ pid, orders, pieces, ids }) => [pid, orders, pieces, ids].join(" "));
  return {
    ordered: new Map(rows.map(({ pid, pieces }) => [Number(pid), Number(pieces)])),
    onTheWay,
    mark: [...marks, ...onTheWay.map(({ gid }) => gid)].join("\n"),
  };
}

async function readOnTheWay(
  snapshot: Snapshot,
  { sql, isTaking }: { readonly sql: string; readonly isTaking: boolean },
  pids: ReadonlySet<number>,
): Promise<OnTheWay[]> {
  const found: OnTheWay[] = [];
  for await (const rows of readPages(snapshot, { sql, key: "id", from: 0 })) {
    for (const row of rows) {
      const payload: unknown = JSON.parse(String(row.payload));
      const [pid, num] = [numberIn(payload, "pid"), numberIn(payload, "num")];
      const gid = isTaking ? String(row.gid) : releaseIn(payload);
      if (pid === undefined || num === undefined || gid === undefined || !pids.has(pid)) continue;
      found.push({ pid, num, gid, isTaking });
    }
  }
  return found;
}

/** Pieces of products in stock. */
export async function readStocks(snapshot: Snapshot, pids: readonly number[]): Promise<Map<number, number>> {
  const sql = `SELECT id, stock FROM product WHERE id IN (${places(pids)})`;
  const rows = await snapshot.read({ sql, parameters: pids });
  return new Map(rows.map(({ id, stock }) => [Number(id), Number(stock)]));
}

/** Which pieces on the way are out of stock, by what the product service has counted; by product. */
export async function countOnTheWay(
  snapshot: Snapshot,
  onTheWay: readonly OnTheWay[],
): Promise<Map<number, number>> {
  const barriers = await readBarriers(
    snapshot,
    onTheWay.map(({ gid }) => gid),
  );
  const counts = new Map<number, number>();
  for (const { pid, num, gid, isTaking } of onTheWay) {
    const first = { gid, branchId: "01" };
    const isOut = isTaking ? barriers.took(first) && !barriers.tookBack(first) : !barriers.gaveBack(gid);
    if (isOut) counts.set(pid, (counts.get(pid) ?? 0) + num);
  }
  return counts;
}
