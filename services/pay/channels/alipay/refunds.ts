import type { Call } from "@mall/kit/call";
import type { Answer, Channel, RefundState } from "../channel.ts";
import type { AlipayClient } from "./alipay-client.ts";
import { badAnswer } from "./bad-answer.ts";
import { TRADE_NOT_EXIST } from "./refusal.ts";
import { yuanOf } from "./yuan.ts";

type RefundRequest = Parameters<Channel["refund"]>[1];
type RefundRef = Parameters<Channel["queryRefund"]>[1];

/** Refunds. `out_request_no` is our refund number, for which Alipay makes a single refund. */
export class Refunds {
  readonly #client: AlipayClient;

  constructor(client: AlipayClient) {
    this.#client = client;
  }

  async make(call: Call, refund: RefundRequest): Promise<Answer<RefundState>> {
    const { trade, refundNo, amount, currency, total } = refund;
    if (currency !== "CNY") return refused("CURRENCY_NOT_SUPPORTED", "Alipay gives CNY back only");
    // Alipay's request has no total; Alipay knows what was paid.
    if (amount > total) return refused("AMOUNT_TOO_LARGE", "it is more than was paid");
    const answer = await this.#client.ask(call, {
      method: "alipay.trade.refund",
      content: {
        out_trade_no: trade.outTradeNo,
        refund_amount: yuanOf(amount),
        out_request_no: refundNo,
      },
    });
    if (answer.kind !== "yes") return answer;
    const { out_trade_no, fund_change } = answer.value;
    if (out_trade_no !== trade.outTradeNo) return unusable("it is about another trade");
    if (fund_change === "Y") return { kind: "yes", value: { state: "succeeded" } };
    return this.#made(call, refund);
  }

  /** This request moved no money: the refund was made before, or is not made yet. */
  async #made(call: Call, refund: RefundRef): Promise<Answer<RefundState>> {
    const answer = await this.query(call, refund);
    const isTold = answer.kind === "yes" && answer.value.state !== "absent";
    return isTold ? answer : { kind: "yes", value: { state: "processing" } };
  }

  /**
   * A refund that Alipay does not know, does not know yet (this can take ten seconds), or could not make, is `absent`:
   * sent again, it is made once, or refused.
   */
  async query(call: Call, { trade, refundNo }: RefundRef): Promise<Answer<RefundState>> {
    const answer = await this.#client.ask(call, {
      method: "alipay.trade.fastpay.refund.query",
      content: { out_trade_no: trade.outTradeNo, out_request_no: refundNo },
    });
    if (answer.kind === "no" && answer.reason === TRADE_NOT_EXIST) return state("absent");
    if (answer.kind !== "yes") return answer;
    const { out_trade_no, out_request_no, refund_status } = answer.value;
    if (refund_status === undefined) return state("absent");
    if (out_trade_no !== trade.outTradeNo || out_request_no !== refundNo)
      return unusable("it is about another refund");
    if (refund_status === "REFUND_SUCCESS") return state("succeeded");
    return unusable("it has a state that is not known here");
  }
}

function state(of: "succeeded" | "absent"): Answer<RefundState> {
  return { kind: "yes", value: { state: of } };
}

function refused(reason: string, message: string): Answer<never> {
  return { kind: "no", reason, message };
}

function unusable(why: string): Answer<never> {
  return { kind: "unknown", cause: badAnswer(why) };
}
