import type { Call } from "@mall/kit/call";
import { readLink } from "../cashier/link.ts";
import { toView } from "../cashier/view.ts";
import type { ServiceContext } from "../context.ts";
import type { CashierTokenRequest, CashierViewResponse } from "../gen/types.ts";

/** Has the channels asked about the payment of a link, for a buyer who has paid and waits. */
export async function cashierSync(
  context: ServiceContext,
  call: Call,
  { token }: CashierTokenRequest,
): Promise<CashierViewResponse> {
  const link = readLink(context, token);
  await context.payRpc.sync(call, { id: link.id });
  return toView(context, link, await context.payRpc.cashier(call, { id: link.id }));
}
