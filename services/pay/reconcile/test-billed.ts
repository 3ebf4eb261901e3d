import assert from "node:assert/strict";
import type { SqlValue } from "@mall/kit/store";
import type { BilledChannel } from "../bills/bill-merchants.ts";
import { type BillLine, noBill } from "../channels/bills/bill.ts";
import { dayOf } from "../channels/bills/bill-day.ts";
import { ATTEMPT_STATE } from "../model/attempt-state.ts";
import { REFUND_CAUSE, REFUND_STATE } from "../model/refund-state.ts";
import { recordSuccess } from "../receipt/record-success.ts";
import type { PayWorld } from "../rpc/test-pay-world.ts";

export const ACCOUNT = "wechat";
export const DAY = "2026-11-30";
export const NEXT_DAY = "2026-12-01";
export const HOUR_MS = 3_600_000;
export const NOON = dayOf(DAY, 8 * HOUR_MS).from + 12 * HOUR_MS;

/** Lines of a bill by day; none where there is no bill. */
export type Days = Readonly<Record<string, readonly BillLine[] | undefined>>;

/** Something that came for an attempt. */
interface Received {
  readonly id: number;
  readonly payId: number;
}

/** Payments and refunds of a pay service, and a channel that has bills of them. */
export interface Billed {
  write(sql: string, ...parameters: SqlValue[]): Promise<unknown>;
  /** Forgets all payments. */
  forget(): Promise<void>;
  /** Money that came for an attempt: begun a minute before it was heard of. */
  receive(
    number: string,
    how?: { readonly at?: number; readonly channel?: string; readonly fee?: number },
  ): Promise<Received>;
  /** Money of an attempt that went back; the refund's id. */
  giveBack(refundNo: string, received: Received): Promise<number>;
  /** An account whose bills stand in `days`, also those that are put there later. */
  channelWith(days: Days): BilledChannel;
}

/** A line about a payment. */
export function payment(number: string, changes: object = {}): BillLine {
  const money = { outTradeNo: number, tradeNo: `T${number}`, amount: 500, currency: "CNY", fee: 3 };
  return { kind: "payment", ...money, ...changes };
}

/** A line about a refund. */
export function refund(number: string, of: string, changes: object = {}): BillLine {
  const money = { outTradeNo: of, tradeNo: `T${of}`, amount: 100, currency: "CNY", fee: -1 };
  return { kind: "refund", ...money, refundNo: number, state: "made", ...changes };
}

export function createBilled(world: PayWorld): Billed {
  const write = (sql: string, ...parameters: SqlValue[]) => world.database.write({ sql, parameters });
  const timed = (table: string, where: string, at: number) =>
    write(`UPDATE ${table} SET create_time = ? WHERE ${where}`, world.database.times.toText(new Date(at)));
  return {
    write,
    forget: async () => {
      for (const table of ["ledger_entry", "pay_refund", "pay_attempt", "pay"])
        await write(`DELETE FROM ${table}`);
    },
    receive: async (number, { at = NOON, channel = ACCOUNT, fee = 0 } = {}) => {
      const { id: payId } = await world.openPay();
      const { attemptModel } = world.context;
      const row = { payId, outTradeNo: number, channel, amount: 500, currency: "CNY" };
      const id = await attemptModel.insert({ ...row, state: ATTEMPT_STATE.pending });
      const attempt = await attemptModel.findOne(id);
      assert.ok(attempt !== undefined);
      const paid = {
        state: "paid",
        tradeNo: `T${number}`,
        amount: 500,
        currency: "CNY",
        paidAt: at,
      } as const;
      await recordSuccess(world.context, attempt, fee === 0 ? paid : { ...paid, fee });
      await timed("pay_attempt", `id = ${id}`, at - 60_000);
      await timed("ledger_entry", `txn_key = 'receipt:${id}'`, at);
      return { id, payId };
    },
    giveBack: async (refundNo, { id, payId }) => {
      const { refundModel, ledger } = world.context;
      const row = { refundNo, payId, attemptId: id, amount: 100, cause: REFUND_CAUSE.request };
      const refundId = await refundModel.insert({ ...row, state: REFUND_STATE.succeeded });
      const lines = [
        { account: "sales", debit: 100 },
        { account: `channel:${ACCOUNT}`, credit: 100 },
      ];
      await world.database.transaction((tx) =>
        ledger.post(tx, { key: `refund:${refundId}`, payId, currency: "CNY", lines }),
      );
      await timed("pay_refund", `id = ${refundId}`, NOON);
      await timed("ledger_entry", `txn_key = 'refund:${refundId}'`, NOON + 1_000);
      return refundId;
    },
    channelWith: (days) => {
      const sandbox = world.context.channels.get("sandbox");
      assert.ok(sandbox !== undefined);
      const read = async (day: string) => {
        const bounds = dayOf(day, 8 * HOUR_MS);
        const lines = days[day];
        if (lines === undefined) return { kind: "yes", value: noBill(bounds) } as const;
        const stream = async function* (): AsyncGenerator<BillLine> {
          yield* lines;
        };
        return { kind: "yes", value: { ...bounds, isThere: true, lines: stream() } } as const;
      };
      return {
        ...sandbox,
        name: ACCOUNT,
        bills: {
          ...{ merchant: `${ACCOUNT} 1900000109`, aheadMs: 8 * HOUR_MS, readyMs: 10 * HOUR_MS },
          read: (_call, { day }) => read(day),
        },
      };
    },
  };
}
