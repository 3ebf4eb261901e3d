import type { Database, Transaction } from "@mall/kit/store";
import {
  createPayHourModelGen,
  type NewPayHourRow,
  type PayHourModelGen,
  type PayHourRow,
} from "./gen/pay-hour-model.ts";

/** What is counted of an hour: the columns that are added up, by their names in rows. */
export type HourFigure = Exclude<keyof PayHourRow, "id" | "hour" | "channel" | "currency">;

/** The figures with their columns. */
export const FIGURES: Readonly<Record<HourFigure, string>> = {
  opened: "opened",
  openedAmount: "opened_amount",
  begun: "begun",
  succeeded: "succeeded",
  failed: "failed",
  closed: "closed",
  unsettled: "unsettled",
  successes: "successes",
  turnover: "turnover",
  refunds: "refunds",
  refunded: "refunded",
  verified: "verified",
  refused: "refused",
  elapsed5: "elapsed_5",
  elapsed10: "elapsed_10",
  elapsed15: "elapsed_15",
  elapsed20: "elapsed_20",
  elapsed30: "elapsed_30",
  elapsed45: "elapsed_45",
  elapsed60: "elapsed_60",
  elapsed90: "elapsed_90",
  elapsed120: "elapsed_120",
  elapsed180: "elapsed_180",
  elapsed300: "elapsed_300",
  elapsed600: "elapsed_600",
  elapsed900: "elapsed_900",
  elapsed1800: "elapsed_1800",
  elapsed3600: "elapsed_3600",
  elapsedMore: "elapsed_more",
};

export interface PayHourModel extends PayHourModelGen {
  /** The first and the last hour that was added up; undefined where none was. */
  span(): Promise<{ readonly first: number; readonly last: number } | undefined>;
  /** Puts these rows in place of all that there are of the hours from `from` to before `to`. */
  replace(
    tx: Transaction,
    hours: { readonly from: number; readonly to: number },
    rows: readonly NewPayHourRow[],
  ): Promise<void>;
}

/** What hours came to; one that was added up has a row without account and currency, if nothing else. */
export function createPayHourModel(database: Database): PayHourModel {
  const model = createPayHourModelGen(database);
  return {
    ...model,
    span: async () => {
      const sql = "SELECT MIN(hour) AS first, MAX(hour) AS last FROM pay_hour";
      const [row] = await database.read({ sql, parameters: [] });
      if (row === undefined || row.first === null) return undefined;
      return { first: Number(row.first), last: Number(row.last) };
    },
    replace: async (tx, { from, to }, rows) => {
      await tx.query.deleteFrom("pay_hour").where("hour", ">=", from).where("hour", "<", to).execute();
      await model.insertAll(rows, tx);
    },
  };
}
