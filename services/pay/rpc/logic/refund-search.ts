import type { Call } from "@mall/kit/call";
import { instantOf, pageLimit } from "@mall/kit/rpc";
import { toRefund } from "../../refund/begin-refund.ts";
import { searchRefunds } from "../../search/search-refunds.ts";
import type { ServiceContext } from "../context.ts";
import type { RefundSearchRequest, RefundSearchResponse } from "../gen/pay.ts";

/** A page of refunds by number and by filters, newest first; see searchRefunds for what bounds it. */
export async function refundSearch(
  { database }: Pick<ServiceContext, "database">,
  _call: Call,
  request: RefundSearchRequest,
): Promise<RefundSearchResponse> {
  const { text, id, status, cause, channel, from, to, before, limit, amountMin, amountMax } = request;
  const { refunds, next } = await searchRefunds(database, {
    ...{ text: text.trim() || undefined, payId: id, state: status, cause: cause || undefined },
    ...{ channel: channel || undefined, from: instantOf("from", from), to: instantOf("to", to) },
    ...{ before: before || undefined, limit: pageLimit(limit), amountMin, amountMax },
  });
  return { refunds: refunds.map(({ refund, attempt }) => toRefund(refund, attempt)), next };
}
