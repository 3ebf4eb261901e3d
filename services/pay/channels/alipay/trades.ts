import type { Call } from "@mall/kit/call";
import type { Runtime } from "@mall/kit/runtime";
import type { Answer, PaidTrade, TradeRef, TradeState } from "../channel.ts";
import type { AlipayClient } from "./alipay-client.ts";
import { badAnswer } from "./bad-answer.ts";
import { TRADE_NOT_EXIST } from "./refusal.ts";
import { stateOf } from "./trade.ts";

type Shut = { readonly state: "closed" | "absent" } | PaidTrade;

/** Queries trades, and closes them. */
export class Trades {
  readonly #client: AlipayClient;
  readonly #runtime: Pick<Runtime, "now">;

  constructor(client: AlipayClient, runtime: Pick<Runtime, "now">) {
    this.#client = client;
    this.#runtime = runtime;
  }

  async query(call: Call, { outTradeNo }: TradeRef): Promise<Answer<TradeState>> {
    const asked = { method: "alipay.trade.query", content: { out_trade_no: outTradeNo } } as const;
    const answer = await this.#client.ask(call, asked);
    if (isAbsent(answer)) return { kind: "yes", value: { state: "absent" } };
    if (answer.kind !== "yes") return answer;
    const { send_pay_date: paidAt, ...told } = answer.value;
    if (told.out_trade_no !== outTradeNo) return unusable("it is about another trade");
    const value = stateOf({ ...told, paidAt }, this.#runtime.now());
    return value === undefined ? unusable("it has a state that is not known here") : { kind: "yes", value };
  }

  /** A trade that Alipay refuses to close is queried: it is paid, or closed already. */
  async close(call: Call, trade: TradeRef): Promise<Answer<Shut>> {
    const { outTradeNo } = trade;
    const asked = { method: "alipay.trade.close", content: { out_trade_no: outTradeNo } } as const;
    const answer = await this.#client.ask(call, asked);
    if (isAbsent(answer)) return { kind: "yes", value: { state: "absent" } };
    if (answer.kind === "unknown") return answer;
    if (answer.kind === "no") return this.#endOf(call, trade, answer);
    const { out_trade_no = outTradeNo } = answer.value;
    if (out_trade_no !== outTradeNo) return unusable("it is about another trade");
    return { kind: "yes", value: { state: "closed" } };
  }

  async #endOf(call: Call, trade: TradeRef, refusal: Answer<never>): Promise<Answer<Shut>> {
    const answer = await this.query(call, trade);
    if (answer.kind !== "yes") return answer;
    const { value } = answer;
    if (value.state === "open") return refusal;
    return { kind: "yes", value: value.state === "paid" ? value : { state: value.state } };
  }
}

function isAbsent(answer: Answer<unknown>): boolean {
  return answer.kind === "no" && answer.reason === TRADE_NOT_EXIST;
}

function unusable(why: string): Answer<never> {
  return { kind: "unknown", cause: badAnswer(why) };
}
