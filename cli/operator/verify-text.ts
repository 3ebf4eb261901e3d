import type { Finding, MallVerified } from "../verify/index.ts";

/** A finding, and what to do about it. */
export function findingLines({ kind, text, next, isUnderWay }: Finding, isStrict: boolean): string[] {
  if (isUnderWay && !isStrict) return [`under way: ${kind}: ${text}`];
  const mark = isUnderWay ? "still under way: " : "";
  return [`${mark}${kind}: ${text}`, `  -> ${next}`];
}

/** How much was compared, in how much time, and whether it is as it must be. */
export function verifiedLines(verified: MallVerified, seconds: number): string[] {
  const { payments, orders, ordersWithPieces, books, jobs, sagas, keys } = verified;
  const { differences, underWay } = verified;
  const judged = `${payments} payments, ${books.attempts} attempts, ${books.refunds} refunds, ${books.entries} entries`;
  const open = `open: ${jobs} jobs, ${sagas} sagas, ${keys} idempotency keys; under way: ${underWay}`;
  const end =
    differences === 0
      ? "payments, orders, stock and books say the same"
      : `payments, orders, stock and books differ: ${differences} differences`;
  return [
    `${judged}, ${orders} orders (pieces followed: ${ordersWithPieces})`,
    open,
    `${end} (${seconds.toFixed(1)} s)`,
  ];
}
