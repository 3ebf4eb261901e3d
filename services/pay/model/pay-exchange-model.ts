import type { Database } from "@mall/kit/store";
import {
  createPayExchangeModelGen,
  type PayExchangeModelGen,
  type PayExchangeRow,
} from "./gen/pay-exchange-model.ts";

export type { NewPayExchangeRow, PayExchangeRow } from "./gen/pay-exchange-model.ts";

export interface PayExchangeModel extends PayExchangeModelGen {
  /** The newest that were about these trades and refunds, of these the oldest first. */
  findAbout(subjects: readonly string[], limit: number): Promise<PayExchangeRow[]>;
  /** Forgets the oldest from before `sentAt` (milliseconds since the Unix epoch), at most `count`. */
  forgetOld(sentAt: number, count: number): Promise<void>;
}

/** What channels were asked and answered. Nothing is decided by it, and a line may be missing. */
export function createPayExchangeModel(database: Database): PayExchangeModel {
  const model = createPayExchangeModelGen(database);
  return {
    ...model,
    findAbout: async (subjects, limit) => {
      const newest = await model.findMany((query) =>
        query
          .where("subject", "in", [...subjects])
          .orderBy("id", "desc")
          .limit(limit),
      );
      return newest.toReversed();
    },
    forgetOld: async (sentAt, count) => {
      // Ids are given in the order of time, by and large, so that no index of times is needed.
      const oldest = await model.findMany((query) => query.orderBy("id").limit(count));
      const last = oldest.filter((row) => row.sentAt < sentAt).at(-1);
      if (last === undefined) return;
      await database.write({ sql: "DELETE FROM pay_exchange WHERE id <= ?", parameters: [last.id] });
    },
  };
}
