import type { RawRow, Snapshot, TimeText } from "@mall/kit/store";
import type { MallDatabases, MallSnapshots } from "./mall-databases.ts";
import type { OpenJob } from "./open-jobs.ts";
import { readIn, toTime } from "./pay-file.ts";
import { type OrderRowFacts, openReleases, openSagas, readBarriers, type Taken, takesOf } from "./pieces.ts";

/** An order with all that is known of it in all databases. */
export interface OrderFile extends OrderRowFacts {
  readonly hasPay: boolean;
  /** What it took out of stock and gave back, in order; empty where nothing tells. */
  readonly takes: readonly Taken[];
}

const ORDERS =
  "SELECT id, pid, status, num, expire_time AS expireTime, create_time AS createTime, gid, " +
  "stock_branch AS stockBranch, reservation FROM `order`";

/** All orders, page by page. */
export const ALL_ORDERS = { sql: `${ORDERS} WHERE id > ?`, key: "id", from: 0 } as const;

/** The orders with these ids. */
export function readOrderRows(snapshot: Snapshot, ids: readonly number[]): Promise<readonly RawRow[]> {
  return readIn(snapshot, `${ORDERS} WHERE id IN`, ids);
}

/** How the files of orders are put together. */
interface Reading {
  readonly databases: Pick<MallDatabases, "order">;
  readonly snapshots: MallSnapshots;
  /** Whether an order's branches are still to be found; milliseconds since the epoch. */
  readonly knownSince: number;
  /** With what works on pieces; without, as if nothing did. */
  readonly isThorough: boolean;
}

/** The files of orders whose rows were read. */
export async function readOrderFiles(
  { databases, snapshots, knownSince, isThorough }: Reading,
  rows: readonly RawRow[],
): Promise<OrderFile[]> {
  const orders = rows.map((row) => orderFacts(row, databases.order.times));
  const ids = orders.map(({ id }) => id);
  const pays = await readIn(snapshots.pay, "SELECT oid FROM pay WHERE oid IN", ids);
  const paid = new Set(pays.map(({ oid }) => Number(oid)));
  const known = orders.filter(({ createTime }) => Number(createTime ?? 0) >= knownSince);
  const branches = known.map((order) => ({ id: order.id, branches: takesOf(order) }));
  const gids = branches.flatMap((each) => each.branches.flatMap(({ take, release }) => [take.gid, release]));
  const barriers = await readBarriers(snapshots.product, gids);
  const releases = isThorough
    ? await openReleases(snapshots.order, new Set(gids))
    : new Map<string, OpenJob[]>();
  const sagas = isThorough ? await openSagas(snapshots.order, gids) : new Set<string>();
  const takes = new Map(
    branches.map((each) => [
      each.id,
      each.branches.map(
        (branch): Taken => ({
          isTaken: branch.isWhole || barriers.took(branch.take),
          isTakenBack: barriers.tookBack(branch.take),
          isReleased: barriers.gaveBack(branch.release),
          isReleasing: (releases.get(branch.release) ?? releases.get(branch.take.gid) ?? []).some(
            ({ isDead }) => !isDead,
          ),
          isUnderWay: sagas.has(branch.take.gid),
        }),
      ),
    ]),
  );
  return orders.map((order) => ({ ...order, hasPay: paid.has(order.id), takes: takes.get(order.id) ?? [] }));
}

function orderFacts(row: RawRow, times: TimeText): OrderRowFacts {
  return {
    id: Number(row.id),
    pid: Number(row.pid),
    status: Number(row.status),
    num: Number(row.num),
    expireTime: toTime(row.expireTime, times),
    createTime: toTime(row.createTime, times),
    gid: row.gid === null ? undefined : String(row.gid),
    stockBranch: String(row.stockBranch),
    reservation: Number(row.reservation),
  };
}
