import type { Call } from "@mall/kit/call";
import type { Answer, Channel, Opened, PrepayRequest, TradeRef, TradeState } from "../channel.ts";
import { prepayRequest, productOf } from "./prepay.ts";
import type { WireRequest } from "./sign.ts";
import type { Merchant } from "./signed-requests.ts";
import { isOf, type TradeMessage, tradeMessage, tradeStateOf } from "./trades.ts";
import { nothing, type Refusal, type WechatClient, whatIs } from "./wechat-client.ts";
import { badAnswer, inPath } from "./wire.ts";

/** WeChat Pay's codes for a trade it does not know; the second is from older documents. */
const ABSENT = ["ORDER_NOT_EXIST", "ORDERNOTEXIST"];

/** An account, and its client. */
export interface Desk {
  readonly merchant: Merchant;
  readonly client: WechatClient;
}

/** Opens a trade. A refusal that WeChat Pay did not sign counts only if a query confirms that nothing is open. */
export async function openTrade(desk: Desk, call: Call, request: PrepayRequest): Promise<Answer<Opened>> {
  const { merchant, client } = desk;
  const product = productOf(request.product);
  if (product === undefined) return refused("PRODUCT_UNKNOWN", `WeChat Pay has no ${request.product}`);
  if (request.product === "h5" && request.clientAddress === undefined) {
    return refused("CLIENT_ADDRESS_MISSING", "h5 needs the address of the buyer's browser");
  }
  const wanted = whatIs(product.answer, (told) => ({ credential: product.open(merchant, told, request) }));
  const answer = await client.ask(call, () => prepayRequest(merchant.account, product, request), wanted);
  if (answer.kind !== "no" || answer.isSigned) return answer;
  const trade = await queryTrade(desk, call, { outTradeNo: request.outTradeNo });
  if (trade.kind === "yes" && trade.value.state !== "open") return answer;
  return { kind: "unknown", cause: notConfirmed(answer) };
}

/** Queries the state of a trade: by WeChat Pay's own number of its payment where that is known, else by ours. */
export async function queryTrade(
  { merchant, client }: Desk,
  call: Call,
  { outTradeNo, tradeNo }: Pick<TradeRef, "outTradeNo" | "tradeNo">,
): Promise<Answer<TradeState>> {
  const { MchId } = merchant.account;
  const read = (message: TradeMessage): TradeState => {
    if (message.out_trade_no !== outTradeNo) throw badAnswer("it is about another trade");
    if (!isOf(merchant.account, message)) throw badAnswer("it is about another app or merchant");
    const state = tradeStateOf(message);
    if (state === undefined) throw badAnswer(`it tells of a state that is not known: ${message.trade_state}`);
    const isAsked = tradeNo === undefined || (state.state === "paid" && state.tradeNo === tradeNo);
    if (!isAsked) throw badAnswer("it is about another payment of the trade");
    return state;
  };
  const request = (): WireRequest => ({
    method: "GET",
    path: `${tradeNo === undefined ? pathOf(outTradeNo) : pathOfPayment(tradeNo)}?mchid=${MchId}`,
    body: "",
  });
  const answer = await client.ask(call, request, whatIs(tradeMessage, read));
  const isAbsent = answer.kind === "no" && ABSENT.includes(answer.reason);
  return isAbsent ? { kind: "yes", value: { state: "absent" } } : answer;
}

/**
 * Closes a trade. The reasons for a refusal (paid, closed, unknown) are known from documents only, so a query then
 * tells the state.
 */
export async function closeTrade(desk: Desk, call: Call, trade: TradeRef): ReturnType<Channel["close"]> {
  const { merchant, client } = desk;
  const body = JSON.stringify({ mchid: merchant.account.MchId });
  const request = (): WireRequest => ({ method: "POST", path: `${pathOf(trade.outTradeNo)}/close`, body });
  const answer = await client.ask(call, request, nothing);
  if (answer.kind === "yes") return { kind: "yes", value: { state: "closed" } };
  if (answer.kind === "unknown") return answer;
  const asked = await queryTrade(desk, call, trade);
  if (asked.kind !== "yes") return asked;
  const { value } = asked;
  if (value.state === "paid") return { kind: "yes", value };
  return value.state === "open" ? answer : { kind: "yes", value: { state: value.state } };
}

function pathOf(outTradeNo: string): string {
  return `/v3/pay/transactions/out-trade-no/${inPath(outTradeNo)}`;
}

function pathOfPayment(tradeNo: string): string {
  return `/v3/pay/transactions/id/${inPath(tradeNo)}`;
}

function refused(reason: string, message: string): Answer<never> {
  return { kind: "no", reason, message };
}

function notConfirmed({ reason, message }: Refusal) {
  return badAnswer(
    `it refuses without a signature (${reason}: ${message}), and does not say that nothing is open`,
  );
}
