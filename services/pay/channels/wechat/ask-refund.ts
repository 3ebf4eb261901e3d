import type { Call } from "@mall/kit/call";
import type { Logger } from "@mall/kit/log";
import type { Answer, Channel, RefundState } from "../channel.ts";
import type { Desk } from "./ask-trade.ts";
import { type RefundMessage, refundMessage, refundStateOf } from "./refunds.ts";
import { whatIs } from "./wechat-client.ts";
import { badAnswer, inPath } from "./wire.ts";

const PATH = "/v3/refund/domestic/refunds";

/** WeChat Pay's codes for a refund it does not know; all but the first are from older documents. */
const ABSENT = ["RESOURCE_NOT_EXISTS", "RESOURCE_NOT_EXIST", "REFUND_NOT_EXIST", "REFUNDNOTEXIST"];

type Request = Parameters<Channel["refund"]>[1];
type Ref = Parameters<Channel["queryRefund"]>[1];

/** Requests a refund; the same number again is the same refund. A yes only says that it was accepted. */
export async function makeRefund(
  desk: Desk,
  call: Call,
  { trade, refundNo, amount: refund, currency, total }: Request,
): Promise<Answer<RefundState>> {
  const { NotifyUrl: notify_url } = desk.merchant.account;
  const amount = { refund, total, currency };
  const body = { out_trade_no: trade.outTradeNo, out_refund_no: refundNo, notify_url, amount };
  const read = (message: RefundMessage): RefundState => {
    const told = message.amount;
    const isSame = told.refund === refund && told.total === total && told.currency === currency;
    if (!isSame) throw badAnswer("it is about another amount than the refund's");
    return stateOf(message, { trade, refundNo });
  };
  const request = () => ({ method: "POST", path: PATH, body: JSON.stringify(body) }) as const;
  return desk.client.ask(call, request, whatIs(refundMessage, read));
}

/** Queries the state of a refund. An abnormal one waits for a person; each query logs a warning. */
export async function queryRefund(
  { merchant, client }: Desk,
  call: Call,
  { ref, log }: { readonly ref: Ref; readonly log: Logger },
): Promise<Answer<RefundState>> {
  const { refundNo } = ref;
  const read = (message: RefundMessage): RefundState => {
    if (message.status === "ABNORMAL") {
      const { Name: channel } = merchant.account;
      log.warn(
        { channel, key: refundNo },
        "a refund is abnormal: resolve it on WeChat Pay's merchant platform",
      );
    }
    return stateOf(message, ref);
  };
  const request = () => ({ method: "GET", path: `${PATH}/${inPath(refundNo)}`, body: "" }) as const;
  const answer = await client.ask(call, request, whatIs(refundMessage, read));
  const isAbsent = answer.kind === "no" && ABSENT.includes(answer.reason);
  return isAbsent ? { kind: "yes", value: { state: "absent" } } : answer;
}

function stateOf(message: RefundMessage, { trade, refundNo }: Ref): RefundState {
  const { out_trade_no, out_refund_no, refund_id, status } = message;
  if (out_trade_no !== trade.outTradeNo || out_refund_no !== refundNo) {
    throw badAnswer("it is about another refund");
  }
  const state = refundStateOf(status, refund_id);
  if (state === undefined) throw badAnswer(`it tells of a state that is not known: ${status}`);
  return state;
}
