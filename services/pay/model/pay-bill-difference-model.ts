import { type Database, places, type SqlValue } from "@mall/kit/store";
import {
  createPayBillDifferenceModelGen,
  type PayBillDifferenceModelGen,
  type PayBillDifferenceRow,
} from "./gen/pay-bill-difference-model.ts";

export type { NewPayBillDifferenceRow, PayBillDifferenceRow } from "./gen/pay-bill-difference-model.ts";

/** What came of a difference between a bill and the payments. */
export const DIFFERENCE_STATE = {
  open: 0,
  /** Somebody has seen to it: it stays so, whatever the bill goes on saying. */
  settled: 1,
  /** Bill and payments say the same by now; open again where they do not any more. */
  gone: 2,
} as const;

/** Which to list; what is left out does not matter. */
interface DifferencePage {
  readonly billId?: number | undefined;
  readonly state?: number | undefined;
  /** Only those with a smaller id: the next page of a list. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** How many differences of a bill have a row, and how many of these are open. */
interface DifferenceCount {
  readonly kept: number;
  readonly open: number;
}

export interface PayBillDifferenceModel extends PayBillDifferenceModelGen {
  /** The newest first. */
  findPage(page: DifferencePage): Promise<PayBillDifferenceRow[]>;
  /** By the bill's id; of bills without a difference there is none. */
  count(billIds: readonly number[]): Promise<Map<number, DifferenceCount>>;
  /** How many are open, by account. */
  countOpen(): Promise<Map<string, number>>;
}

export function createPayBillDifferenceModel(database: Database): PayBillDifferenceModel {
  const model = createPayBillDifferenceModelGen(database);
  const read = (sql: string, parameters: readonly SqlValue[]) =>
    database.read({ sql, parameters: [...parameters] });
  return {
    ...model,
    findPage: ({ billId, state, before, limit }) =>
      model.findMany((query) => {
        let chosen = query.orderBy("id", "desc").limit(limit);
        if (billId !== undefined) chosen = chosen.where("bill_id", "=", billId);
        if (state !== undefined) chosen = chosen.where("state", "=", state);
        return before === undefined ? chosen : chosen.where("id", "<", before);
      }),
    count: async (billIds) => {
      if (billIds.length === 0) return new Map();
      const sql =
        "SELECT bill_id, COUNT(*) AS kept, SUM(CASE WHEN state = ? THEN 1 ELSE 0 END) AS open_ones " +
        `FROM pay_bill_difference WHERE bill_id IN (${places(billIds)}) GROUP BY bill_id`;
      const rows = await read(sql, [DIFFERENCE_STATE.open, ...billIds]);
      return new Map(
        rows.map((row) => [Number(row.bill_id), { kept: Number(row.kept), open: Number(row.open_ones) }]),
      );
    },
    countOpen: async () => {
      const sql =
        "SELECT channel, COUNT(*) AS found FROM pay_bill_difference WHERE state = ? GROUP BY channel";
      const rows = await read(sql, [DIFFERENCE_STATE.open]);
      return new Map(rows.map((row) => [String(row.channel), Number(row.found)]));
    },
  };
}
