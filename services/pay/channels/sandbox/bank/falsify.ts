/** A notification with money in it that is not what was paid; one without any is left as it is. */
export function falsify(body: string, what: "amount" | "currency"): string {
  const message = JSON.parse(body) as { trade?: { amount?: number; currency?: string } };
  const { trade } = message;
  if (trade?.amount === undefined) return body;
  const lie =
    what === "amount" ? { amount: trade.amount + 1 } : { currency: trade.currency === "USD" ? "EUR" : "USD" };
  return JSON.stringify({ ...message, trade: { ...trade, ...lie } });
}
