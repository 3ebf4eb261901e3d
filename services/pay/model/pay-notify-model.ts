import type { Database } from "@mall/kit/store";
import {
  createPayNotifyModelGen,
  type PayNotifyModelGen,
  type PayNotifyRow,
} from "./gen/pay-notify-model.ts";

export type { PayNotifyRow } from "./gen/pay-notify-model.ts";

/** States of a stored notification. */
export const NOTIFY_STATE = {
  /** Stored and acknowledged, but not acted on yet. */
  received: 0,
  processed: 1,
  /** Not about any payment or refund of ours. */
  ignored: 2,
  /** About a dispute that was not over: somebody has to answer it at the channel. */
  disputed: 3,
} as const;

/** Which notifications to list; what is left out does not matter. */
export interface NotifyPage {
  readonly state?: number | undefined;
  readonly channel?: string | undefined;
  /** Number of the trade or refund. */
  readonly subject?: string | undefined;
  /** Only those with a smaller id: the next page of a list. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/**
 * What channels said. Of the column `error` only rows of earlier versions hold a text, which gave up on a notification
 * that they could not read again; `mall notify` shows it, acting on the row clears it, and nothing else writes it.
 */
export interface PayNotifyModel extends PayNotifyModelGen {
  /** The newest first. */
  findPage(page: NotifyPage): Promise<PayNotifyRow[]>;
  /** Counts that a notification came again. */
  countAgain(channel: string, eventKey: string): Promise<void>;
}

export function createPayNotifyModel(database: Database): PayNotifyModel {
  const model = createPayNotifyModelGen(database);
  return {
    ...model,
    findPage: ({ state, channel, subject, before, limit }) =>
      model.findMany((query) => {
        let chosen = query.orderBy("id", "desc").limit(limit);
        if (state !== undefined) chosen = chosen.where("state", "=", state);
        if (channel !== undefined) chosen = chosen.where("channel", "=", channel);
        if (subject !== undefined) chosen = chosen.where("subject", "=", subject);
        return before === undefined ? chosen : chosen.where("id", "<", before);
      }),
    countAgain: async (channel, eventKey) => {
      const row = await model.findOneByChannelEventKey(channel, eventKey);
      if (row === undefined) return;
      await model.updateMany([row.id], (query) => query.set((eb) => ({ received: eb("received", "+", 1) })));
    },
  };
}
