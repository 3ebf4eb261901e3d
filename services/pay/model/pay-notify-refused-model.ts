import type { Database } from "@mall/kit/store";
import {
  createPayNotifyRefusedModelGen,
  type PayNotifyRefusedModelGen,
  type PayNotifyRefusedRow,
} from "./gen/pay-notify-refused-model.ts";

export type { NewPayNotifyRefusedRow, PayNotifyRefusedRow } from "./gen/pay-notify-refused-model.ts";

/** Which refused notifications to list; what is left out does not matter. */
interface RefusedPage {
  readonly channel?: string | undefined;
  /** Only those with a smaller id: the next page of a list. */
  readonly before?: number | undefined;
  readonly limit: number;
}

export interface PayNotifyRefusedModel extends PayNotifyRefusedModelGen {
  /** The newest first. */
  findPage(page: RefusedPage): Promise<PayNotifyRefusedRow[]>;
  /** Forgets all but the newest `kept` of a channel. */
  forgetOld(channel: string, kept: number): Promise<void>;
}

/** What was refused: whoever forges notifications decides how much that is, so that the oldest must go. */
export function createPayNotifyRefusedModel(database: Database): PayNotifyRefusedModel {
  const model = createPayNotifyRefusedModelGen(database);
  return {
    ...model,
    findPage: ({ channel, before, limit }) =>
      model.findMany((query) => {
        let chosen = query.orderBy("id", "desc").limit(limit);
        if (channel !== undefined) chosen = chosen.where("channel", "=", channel);
        return before === undefined ? chosen : chosen.where("id", "<", before);
      }),
    forgetOld: async (channel, kept) => {
      const sql = "SELECT id FROM pay_notify_refused WHERE channel = ? ORDER BY id DESC LIMIT 1 OFFSET ?";
      const [last] = await database.read({ sql, parameters: [channel, kept] });
      if (last === undefined) return;
      const forget = "DELETE FROM pay_notify_refused WHERE channel = ? AND id <= ?";
      await database.write({ sql: forget, parameters: [channel, Number(last.id)] });
    },
  };
}
