import { places, type RawRow, type StatementRunner } from "@mall/kit/store";
import type { BilledPayment, BilledRefund } from "../channels/bills/bill.ts";
import { hasMoney } from "../model/attempt-state.ts";
import { REFUND_STATE } from "../model/refund-state.ts";
import { AUTOMATIC } from "../refund/begin-refund.ts";

/** An attempt as it is compared with a bill; amounts in minor units. */
export interface OurAttempt {
  readonly id: number;
  readonly payId: number;
  readonly outTradeNo: string;
  readonly channel: string;
  readonly tradeNo: string;
  readonly hasMoney: boolean;
  readonly amount: number;
  readonly currency: string;
  /** What the books have of it; undefined where no fee is known. */
  readonly fee: number | undefined;
}

/** A refund as it is compared with a bill. */
export interface OurRefund {
  readonly id: number;
  readonly refundNo: string;
  readonly outTradeNo: string;
  readonly channel: string;
  readonly payId: number;
  readonly isMade: boolean;
  /** Whether its money came back to the channel, and waits to be sent another way or was. */
  readonly hasReturned: boolean;
  readonly amount: number;
  /** What the books have of the fee that came back with it; undefined where nothing is known. */
  readonly feeBack: number | undefined;
}

type Reader = Pick<StatementRunner, "read">;

const ATTEMPT =
  "SELECT id, pay_id AS payId, out_trade_no AS outTradeNo, channel, channel_trade_no AS tradeNo, state, " +
  "received_amount AS amount, received_currency AS currency, fee, late_fee AS lateFee FROM pay_attempt";

/** The attempts that lines are about, by our number, or by the channel's own where it does not tell ours. */
export async function attemptsOf(
  reader: Reader,
  lines: readonly BilledPayment[],
): Promise<(line: BilledPayment) => OurAttempt | undefined> {
  const find = async (column: string, numbers: readonly string[]): Promise<OurAttempt[]> => {
    if (numbers.length === 0) return [];
    const sql = `${ATTEMPT} WHERE ${column} IN (${places(numbers)})`;
    return (await reader.read({ sql, parameters: numbers })).map(attemptOf);
  };
  const ours = await find(
    "out_trade_no",
    lines.flatMap(({ outTradeNo: no }) => (no === "" ? [] : [no])),
  );
  const theirs = await find(
    "channel_trade_no",
    lines.flatMap(({ outTradeNo, tradeNo }) => (outTradeNo === "" && tradeNo !== "" ? [tradeNo] : [])),
  );
  const byOurs = new Map(ours.map((attempt) => [attempt.outTradeNo, attempt]));
  const byTheirs = new Map(theirs.map((attempt) => [attempt.tradeNo, attempt]));
  return ({ outTradeNo, tradeNo }) => (outTradeNo === "" ? byTheirs.get(tradeNo) : byOurs.get(outTradeNo));
}

function attemptOf(row: RawRow): OurAttempt {
  const [fee, lateFee] = [Number(row.fee), row.lateFee];
  return {
    id: Number(row.id),
    payId: Number(row.payId),
    outTradeNo: String(row.outTradeNo),
    channel: String(row.channel),
    tradeNo: String(row.tradeNo),
    hasMoney: hasMoney(Number(row.state)),
    amount: Number(row.amount),
    currency: String(row.currency),
    // A channel that tells its fee with the payment keeps something; one that tells it later has said so.
    fee: fee === 0 && lateFee === null ? undefined : fee + Number(lateFee ?? 0),
  };
}

/** The refunds that lines are about, by our number. */
export async function refundsOf(
  reader: Reader,
  lines: readonly BilledRefund[],
): Promise<(line: BilledRefund) => OurRefund | undefined> {
  const numbers = lines.map(({ refundNo }) => refundNo).filter((no) => no !== "");
  if (numbers.length === 0) return () => undefined;
  const sql =
    "SELECT r.id AS id, r.pay_id AS payId, r.refund_no AS refundNo, a.out_trade_no AS outTradeNo, a.channel AS channel, r.state AS state, " +
    `r.amount AS amount, r.fee_back AS feeBack, b.id AS returnedId FROM pay_refund r JOIN pay_attempt a ON a.id = r.attempt_id LEFT JOIN pay_refund b ON b.refund_no = CONCAT('${AUTOMATIC.returned}', r.id) WHERE r.refund_no IN (${places(numbers)})`;
  const rows = await reader.read({ sql, parameters: numbers });
  const found = new Map(rows.map((row) => [String(row.refundNo), refundOf(row)]));
  return ({ refundNo }) => found.get(refundNo);
}

function refundOf(row: RawRow): OurRefund {
  return {
    id: Number(row.id),
    refundNo: String(row.refundNo),
    outTradeNo: String(row.outTradeNo),
    channel: String(row.channel),
    payId: Number(row.payId),
    isMade: Number(row.state) === REFUND_STATE.succeeded,
    hasReturned: row.returnedId !== null,
    amount: Number(row.amount),
    feeBack: row.feeBack === null ? undefined : Number(row.feeBack),
  };
}
