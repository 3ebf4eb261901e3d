import type { Delivery } from "@mall/channel-sim/bank";
import { CLOCK_OFF_MS_MAX } from "./bank-faults.ts";

/** An event, as far as it matters here. */
interface StripeEvent {
  readonly type: string;
  readonly data: {
    readonly object: {
      readonly metadata?: Readonly<Record<string, string>>;
      readonly balance_transactions?: readonly { readonly id: string }[];
    };
  };
}

/** The number of the event that a notification is about, as the mall must keep it. */
export function eventOf({ letter }: Delivery): string {
  // Stripe's are one for each endpoint.
  return letter.id.split(" ")[0] ?? letter.id;
}

/** Whether a notification is nothing that its channel may have said to this account. */
export function isFalse({ letter, flaw }: Delivery): boolean {
  if (flaw === undefined) return false;
  const { seal, lie, tampered } = flaw;
  const isOldOrAhead = seal?.flaw === "clock-old" || seal?.flaw === "clock-ahead";
  if (seal !== undefined) return !isOldOrAhead || seal.ms >= CLOCK_OFF_MS_MAX;
  // Stripe's name no account, and WeChat Pay's of refunds no app.
  const namesApp = letter.channel === "alipay" || letter.message.includes('"original":"transaction"');
  const isOfAnother = lie === "merchant" || (lie === "app" && namesApp);
  return tampered === true || (isOfAnother && letter.channel !== "stripe");
}

/** The number of the refund that an event of Stripe's says has failed, or has come back. */
export function returnedBy({ letter, flaw }: Delivery): string | undefined {
  if (letter.channel !== "stripe" || flaw !== undefined) return undefined;
  const { type, data } = JSON.parse(letter.message) as StripeEvent;
  return type === "refund.failed" ? data.object.metadata?.refund_no : undefined;
}

/** The numbers of what a dispute has moved, of which an event of Stripe's tells. */
export function movesToldBy({ letter, flaw }: Delivery): readonly string[] {
  if (letter.channel !== "stripe" || flaw !== undefined) return [];
  const { type, data } = JSON.parse(letter.message) as StripeEvent;
  if (!type.startsWith("charge.dispute.")) return [];
  return (data.object.balance_transactions ?? []).map(({ id }) => id);
}
