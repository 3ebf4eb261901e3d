import type { Call } from "@mall/kit/call";
import { readLink } from "../cashier/link.ts";
import { toView } from "../cashier/view.ts";
import type { ServiceContext } from "../context.ts";
import type { CashierTokenRequest, CashierViewResponse } from "../gen/types.ts";

/** The payment of a link, for whoever holds it. */
export async function cashierView(
  context: ServiceContext,
  call: Call,
  { token }: CashierTokenRequest,
): Promise<CashierViewResponse> {
  const link = readLink(context, token);
  return toView(context, link, await context.payRpc.cashier(call, { id: link.id }));
}
