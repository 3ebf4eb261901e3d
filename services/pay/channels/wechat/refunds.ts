import { z } from "zod";
import type { RefundState } from "../channel.ts";
import { wireName, wireNumber } from "./wire.ts";

/**
 * `ABNORMAL` is not final: the buyer's account rejects the money, and somebody has to resolve it on the merchant
 * platform.
 */
const STATES: Readonly<Record<string, RefundState["state"]>> = {
  SUCCESS: "succeeded",
  CLOSED: "failed",
  PROCESSING: "processing",
  ABNORMAL: "stuck",
};

/** What every message about a refund contains. */
const refundNumbers = z.object({
  out_trade_no: wireNumber,
  out_refund_no: wireNumber,
  refund_id: wireNumber,
});

/** A refund in an answer; other members are ignored. */
export const refundMessage = refundNumbers.extend({
  status: wireName,
  amount: z.object({ refund: z.int().min(1), total: z.int().min(1), currency: z.string().default("CNY") }),
});

export type RefundMessage = z.output<typeof refundMessage>;

/** A refund in a notification: without the app, and with another name for the state. */
export const refundNotice = refundNumbers.extend({ mchid: z.string(), refund_status: wireName });

/** The state of a refund; undefined for an unknown one. */
export function refundStateOf(status: string, channelRefundNo: string): RefundState | undefined {
  const state = Object.hasOwn(STATES, status) ? STATES[status] : undefined;
  return state && { state, channelRefundNo };
}
