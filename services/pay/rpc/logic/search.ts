import type { Call } from "@mall/kit/call";
import { instantOf, pageLimit } from "@mall/kit/rpc";
import { unixSeconds } from "@mall/kit/runtime";
import { type FoundPayment, searchPayments } from "../../search/search-payments.ts";
import type { ServiceContext } from "../context.ts";
import type { SearchPayment, SearchRequest, SearchResponse } from "../gen/pay.ts";
import { toDetail } from "./detail.ts";

/**
 * A page of payments by any number that a person may hold, and by filters, newest first; see searchPayments for what
 * bounds it.
 */
export async function search(
  { database }: Pick<ServiceContext, "database">,
  _call: Call,
  request: SearchRequest,
): Promise<SearchResponse> {
  const { text, channel, before, limit, from, to, ...same } = request;
  const { payments, next } = await searchPayments(database, {
    ...same,
    ...{ text: text.trim() || undefined, channel: channel || undefined, before: before || undefined },
    ...{ from: instantOf("from", from), to: instantOf("to", to), limit: pageLimit(limit) },
  });
  return { payments: payments.map(toFound), next };
}

function toFound({ pay, attempt, matched }: FoundPayment): SearchPayment {
  const { channel = "", outTradeNo = "", channelTradeNo = "" } = attempt ?? {};
  const createTime = unixSeconds(pay.createTime);
  return { payment: toDetail(pay), createTime, channel, outTradeNo, channelTradeNo, matched: [...matched] };
}
