import type { Shop } from "../shop.ts";

/** A part of the story; rejects if mall does not do what the story says. */
export interface Scene {
  readonly title: string;
  play(shop: Shop): Promise<void>;
}

/** States as docs/payments.md names them. */
export const PAY = { created: 0, paid: 1, closed: 2, refunded: 3, partlyRefunded: 4, held: 5 } as const;
export const ORDER = { unpaid: 0, paid: 1, refunded: 2, cancelled: 9 } as const;

/** An amount in fen, for people. */
export function yuan(fen: number): string {
  return `${(fen / 100).toFixed(2)} CNY`;
}
