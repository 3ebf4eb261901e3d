import type { Runtime } from "@mall/kit/runtime";

/** So that numbers are not given twice where a database was made anew and the channel was not. */
const RANDOM_BYTES = 5;

/**
 * The number of a payment's attempt at its channel, e.g. `P17N1Xc2a61ff09b`: letters and digits, which every
 * channel takes, and at most 32 of them, the least that one of them allows.
 */
export function newOutTradeNo(runtime: Pick<Runtime, "randomBytes">, payId: number, count: number): string {
  const random = Buffer.from(runtime.randomBytes(RANDOM_BYTES)).toString("hex");
  return `P${payId}N${count}X${random}`;
}
