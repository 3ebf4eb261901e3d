import type { ServiceContext } from "../context.ts";

/** What the link to a cashier says: which payment, and what its shop adds. */
export interface CashierLink {
  readonly id: number;
  /** What the buyer reads; empty for nothing. */
  readonly subject: string;
  /** Where the buyer may go after the payment, which the rpc has allowed; empty for nowhere. */
  readonly returnUrl: string;
}

type Links = Pick<ServiceContext, "links">;

/** @param expireTime Until when it is taken, Unix seconds. */
export function signLink(
  { links }: Links,
  { id, subject, returnUrl }: CashierLink,
  expireTime: number,
): string {
  return links.sign({ pay: id, subject, return: returnUrl }, expireTime);
}

/** @throws AppError UNAUTHENTICATED LINK_INVALID or LINK_EXPIRED. */
export function readLink({ links }: Links, token: string): CashierLink & { readonly expireTime: number } {
  const { pay, subject, return: returnUrl, exp } = links.read(token);
  // Only `signLink` signs with this key.
  return { id: Number(pay), subject: String(subject), returnUrl: String(returnUrl), expireTime: Number(exp) };
}
