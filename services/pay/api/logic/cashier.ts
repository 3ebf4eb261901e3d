import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { signLink } from "../cashier/link.ts";
import type { ServiceContext } from "../context.ts";
import type { CashierRequest, CashierResponse } from "../gen/types.ts";
import { demandPay } from "./detail.ts";

/** A link to the cashier for one's own payment; staff may make one for others. */
export async function cashier(
  context: ServiceContext,
  call: Call,
  { id, subject = "", returnUrl = "" }: CashierRequest,
): Promise<CashierResponse> {
  await demandPay(context, call, id);
  await context.payRpc.cashier(call, { id, returnUrl });
  const expireTime = Math.floor((context.runtime.now() + context.linkMs) / 1000);
  const token = signLink(context, { id, subject, returnUrl }, expireTime);
  // Behind the #, where no server, log or Referer sees it.
  return { url: `${pageUrl(context)}#${token}`, expireTime };
}

function pageUrl({ publicUrl }: ServiceContext): string {
  const base = publicUrl();
  if (base !== undefined) return `${base}/cashier`;
  const text =
    "nobody has said where buyers reach the cashier: " +
    "name its server in Cashier.PublicUrl of the pay api, Pay.Cashier.PublicUrl of mall up";
  throw new AppError("FAILED_PRECONDITION", "CASHIER_UNSERVED", text);
}
