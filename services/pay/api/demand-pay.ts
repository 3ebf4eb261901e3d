import { mayActFor } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import { payNotFound } from "@mall/pay/rpc/errors";
import type { ServiceContext } from "./context.ts";

/**
 * Lets pass who owns a payment, and staff; whose a payment is never changes.
 *
 * @throws AppError NOT_FOUND PAY_NOT_FOUND, so that ids tell nothing.
 */
export async function demandPay(context: ServiceContext, call: Call, id: number): Promise<void> {
  const pay = await context.payRpc.detail(call, { id });
  if (!mayActFor(call, pay.uid)) throw payNotFound();
}
