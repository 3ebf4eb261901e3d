import type { CashierResponse } from "@mall/pay/rpc";
import type { ServiceContext } from "../context.ts";
import type { CashierViewResponse } from "../gen/types.ts";
import type { CashierLink } from "./link.ts";

/** What the page shows. */
export function toView(
  { theme, trialUrl }: Pick<ServiceContext, "theme" | "trialUrl">,
  { subject, returnUrl }: CashierLink,
  { id: _id, attempts: _attempts, ...told }: CashierResponse,
): CashierViewResponse {
  return { ...told, subject, returnUrl, theme, trialUrl };
}
