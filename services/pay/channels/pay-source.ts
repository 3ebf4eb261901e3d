/**
 * `source` of a payment and of an attempt: by what the money came. The numbers are fixed, those of channels that are
 * not built yet as well: a gateway beside the mall may serve them, and tells of it by a callback.
 */
export const PAY_SOURCE = {
  /** Not said, as go-zero-mall's own payments begin. */
  none: 0,
  alipay: 1,
  wechatPay: 2,
  stripe: 3,
  /** Moves no money. */
  sandbox: 8,
  other: 9,
} as const;

const SOURCES: readonly number[] = Object.values(PAY_SOURCE);

/** What a source that does not exist is refused with. */
export const PAY_SOURCE_RULE = `must be one of ${SOURCES.join(", ")}`;

export function isPaySource(source: number): boolean {
  return SOURCES.includes(source);
}
