/**
 * `source` of a payment and of an attempt: how it was paid. The numbers are fixed, including those of channels that are
 * not built in: an external gateway may serve them and report payments by callback.
 */
export const PAY_SOURCE = {
  /** Not known yet; go-zero-mall's payments start with it. */
  none: 0,
  alipay: 1,
  wechatPay: 2,
  stripe: 3,
  /** Moves no money. */
  sandbox: 8,
  other: 9,
} as const;

const SOURCES: readonly number[] = Object.values(PAY_SOURCE);

/** The error for a source that does not exist. */
export const PAY_SOURCE_RULE = `must be one of ${SOURCES.join(", ")}`;

export function isPaySource(source: number): boolean {
  return SOURCES.includes(source);
}
