import { type Database, pendingMigrations } from "@mall/kit/store";
import { ORDER_STATUS } from "@mall/order/model/order-state";
import { PAY_STATUS } from "@mall/pay/model/pay-state";
import { PRODUCT_STATUS } from "@mall/product/model";
import { MIGRATIONS } from "../migrations.ts";

/** The step that takes a Go mall's table over; rows that are written later have their states from here. */
const TAKEOVER = "0001-seed";

type Meanings = Readonly<Record<number, string | undefined>>;

/** Go's states and ours mean the same. */
const COMMON = undefined;

/** What a status means here where go-zero-mall takes any number and gives most of them no meaning, by table. */
const MEANINGS: ReadonlyMap<string, Meanings> = new Map<string, Meanings>([
  [
    "product",
    {
      [PRODUCT_STATUS.onSale]: COMMON,
      [PRODUCT_STATUS.offShelf]: "off shelf: nobody can order it",
      [PRODUCT_STATUS.removed]: "removed: nobody sees it",
    },
  ],
  [
    "order",
    {
      [ORDER_STATUS.unpaid]: COMMON,
      [ORDER_STATUS.paid]: COMMON,
      [ORDER_STATUS.refunded]: "refunded",
      // On the original's branch `dtm`.
      [ORDER_STATUS.cancelled]: COMMON,
      [ORDER_STATUS.removed]: "removed: nobody sees it",
    },
  ],
  [
    "pay",
    {
      [PAY_STATUS.created]: COMMON,
      [PAY_STATUS.paid]: COMMON,
      [PAY_STATUS.closed]: "closed",
      [PAY_STATUS.refunded]: "refunded",
      [PAY_STATUS.partlyRefunded]: "partly refunded",
      [PAY_STATUS.held]: "held for somebody's decision",
    },
  ],
]);

const NONE = "nothing, and such a row can hardly be used";

/**
 * Tells of rows in tables that are still a Go mall's whose status means something else here, or nothing; one line for
 * each status of each table.
 */
export async function foreignStateLines(database: Database): Promise<string[]> {
  if (database.dialect !== "mysql") return [];
  const lines: string[] = [];
  for (const table of await tablesToTakeOver(database)) {
    const meanings = MEANINGS.get(table) ?? {};
    const sql = `SELECT status, COUNT(*) AS n FROM \`${table}\` GROUP BY status ORDER BY status`;
    for (const row of await database.read({ sql, parameters: [] })) {
      const status = Number(row.status);
      const meaning = status in meanings ? meanings[status] : NONE;
      if (meaning === COMMON) continue;
      const rows = Number(row.n) === 1 ? "1 row has" : `${row.n} rows have`;
      lines.push(`${table}: ${rows} status ${status}, which means here: ${meaning}`);
    }
  }
  return lines;
}

async function tablesToTakeOver(database: Database): Promise<string[]> {
  const sql = "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()";
  const there = new Set((await database.read({ sql, parameters: [] })).map(({ name }) => String(name)));
  const found: string[] = [];
  for (const set of MIGRATIONS) {
    if (!MEANINGS.has(set.owner) || !there.has(set.owner)) continue;
    if ((await pendingMigrations(database, set)).includes(TAKEOVER)) found.push(set.owner);
  }
  return found;
}
