import type { Notification } from "../protocol.ts";
import type { BankNotice } from "./bank-store.ts";
import { type BankTrade, refundStateOf, tradeStateOf } from "./trade.ts";

/** The notices that result when a trade changes from `before` to `after`. */
export function noticesOf(before: BankTrade | undefined, after: BankTrade, now: number): BankNotice[] {
  const known = new Set(before?.refunds.map(({ refundNo }) => refundNo));
  const moved = before !== undefined && before.state !== after.state;
  return [
    ...(moved ? [tradeNotice(after, now)] : []),
    ...after.refunds
      .filter(({ refundNo }) => !known.has(refundNo))
      .map((refund) =>
        notice(after, refund.settleAt, {
          id: `${refund.channelRefundNo}-${refund.outcome}`,
          outTradeNo: after.outTradeNo,
          refundNo: refund.refundNo,
          refund: refundStateOf(refund, refund.settleAt),
        }),
      ),
  ];
}

function tradeNotice(trade: BankTrade, now: number): BankNotice {
  const { outTradeNo, tradeNo, state } = trade;
  return notice(trade, now, { id: `${tradeNo}-${state}`, outTradeNo, trade: tradeStateOf(trade, now) });
}

function notice(trade: BankTrade, dueAt: number, message: Notification): BankNotice {
  return {
    id: message.id,
    outTradeNo: trade.outTradeNo,
    url: trade.notifyUrl,
    body: JSON.stringify(message),
    dueAt,
    attempts: 0,
  };
}
