import { AppError } from "@mall/kit/errors";
import { pay } from "./clients.ts";

/** Where the cashier sends the buyer back to. */
const BACK = "/shop#/orders";

/**
 * Address of the cashier's page for a payment, on this very host.
 *
 * @throws AppError the server's refusal.
 */
export async function paymentLink(id: number, subject: string): Promise<string> {
  const returnUrl = `${location.origin}${BACK}`;
  const { url } = await pay.cashier({ id, subject, returnUrl }).catch((error: unknown) => {
    // By a name of this host that the mall does not know; the way back is the browser's button then.
    if (error instanceof AppError && error.field === "returnUrl") return pay.cashier({ id, subject });
    throw error;
  });
  return `/cashier${new URL(url).hash}`;
}
