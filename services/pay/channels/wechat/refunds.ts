import { z } from "zod";
import type { RefundState } from "../channel.ts";
import { wireName, wireNumber } from "./wire.ts";

/**
 * `ABNORMAL` is no end: the buyer's account takes no money, and somebody has to see to it at the merchant's platform.
 */
const STATES: Readonly<Record<string, RefundState["state"]>> = {
  SUCCESS: "succeeded",
  CLOSED: "failed",
  PROCESSING: "processing",
  ABNORMAL: "processing",
};

/** What every message about a refund holds. */
const refundNumbers = z.object({
  out_trade_no: wireNumber,
  out_refund_no: wireNumber,
  refund_id: wireNumber,
});

/** A refund as an answer tells of it; what else it holds is not read. */
export const refundMessage = refundNumbers.extend({
  status: wireName,
  amount: z.object({ refund: z.int().min(1), total: z.int().min(1), currency: z.string().default("CNY") }),
});

export type RefundMessage = z.output<typeof refundMessage>;

/** As a notification tells of it: without the app, and its state by another name. */
export const refundNotice = refundNumbers.extend({ mchid: z.string(), refund_status: wireName });

/** Where a refund stands; undefined for a state that is not known here. */
export function refundStateOf(status: string, channelRefundNo: string): RefundState | undefined {
  const state = Object.hasOwn(STATES, status) ? STATES[status] : undefined;
  return state && { state, channelRefundNo };
}
