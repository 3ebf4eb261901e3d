import type { Database, SqlValue } from "@mall/kit/store";
import { createPayBillModelGen, type PayBillModelGen, type PayBillRow } from "./gen/pay-bill-model.ts";

export type { PayBillRow } from "./gen/pay-bill-model.ts";

/** Where the comparison of a day stands. */
export const BILL_STATE = {
  /** A job is to compare it. */
  waiting: 0,
  compared: 1,
  /** The channel has none of that day. */
  absent: 2,
  /** The day before the first that is compared: only says where to begin, and is shown to nobody. */
  unseen: 3,
} as const;

/** Which to list; what is left out does not matter. */
export interface BillPage {
  /** Those of an account, or of its merchant. */
  readonly of?: { readonly channel: string; readonly merchant?: string | undefined } | undefined;
  /** Only those with a smaller id: the next page of a list. */
  readonly before?: number | undefined;
  readonly limit: number;
}

export interface PayBillModel extends PayBillModelGen {
  /** The newest first. */
  findPage(page: BillPage): Promise<PayBillRow[]>;
  /** The last day of a merchant's bills, whatever became of it; undefined where none is known. */
  lastDay(merchant: string): Promise<string | undefined>;
  /** The last day of a merchant's bills that waits for nothing; undefined where there is none. */
  lastDone(merchant: string): Promise<string | undefined>;
}

export function createPayBillModel(database: Database): PayBillModel {
  const model = createPayBillModelGen(database);
  const dayOf = async (sql: string, parameters: readonly SqlValue[]): Promise<string | undefined> => {
    const [row] = await database.read({ sql, parameters: [...parameters] });
    return row === undefined ? undefined : String(row.day);
  };
  const days = "SELECT day FROM pay_bill WHERE merchant = ?";
  const lastOf = "ORDER BY day DESC LIMIT 1";
  return {
    ...model,
    findPage: ({ of, before, limit }) =>
      model.findMany((query) => {
        let chosen = query.where("state", "<>", BILL_STATE.unseen).orderBy("id", "desc").limit(limit);
        if (before !== undefined) chosen = chosen.where("id", "<", before);
        if (of === undefined) return chosen;
        const { channel, merchant } = of;
        // Of an account that is not configured any more nobody knows whose it was.
        return merchant === undefined
          ? chosen.where("channel", "=", channel)
          : chosen.where("merchant", "=", merchant);
      }),
    lastDay: (merchant) => dayOf(`${days} ${lastOf}`, [merchant]),
    lastDone: (merchant) => dayOf(`${days} AND state <> ? ${lastOf}`, [merchant, BILL_STATE.waiting]),
  };
}
