import type { Call } from "@mall/kit/call";
import { readLink } from "../cashier/link.ts";
import { toView } from "../cashier/view.ts";
import type { ServiceContext } from "../context.ts";
import type { CashierTokenRequest, CashierViewResponse } from "../gen/types.ts";

/** The payment of a link now, and whenever it has changed, until the link expires. */
export async function cashierEvents(
  context: ServiceContext,
  call: Call,
  { token }: CashierTokenRequest,
): Promise<AsyncIterable<CashierViewResponse>> {
  const link = readLink(context, token);
  const { payRpc, runtime, watches } = context;
  // Who is not there is refused by its status.
  await payRpc.cashier(call, { id: link.id });
  const timer = runtime.setTimer(() => call.cancel(), link.expireTime * 1000 - runtime.now());
  call.onDone(() => timer.clear());
  return mapped(watches.watch(call, link.id), (seen) => toView(context, link, seen));
}

async function* mapped<T, R>(values: AsyncIterable<T>, map: (value: T) => R): AsyncGenerator<R> {
  for await (const value of values) yield map(value);
}
