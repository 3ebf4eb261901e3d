/** At most two decimals, and as many digits before the dot as fit exactly in fen. */
const FORM = /^(0|[1-9]\d{0,12})(?:\.(\d{1,2}))?$/;

/** Parses an amount in yuan as Alipay writes it, `88.80` or `88.8`, to fen; undefined if it is not one. */
export function fenOf(text: string): number | undefined {
  const [, yuan, part = ""] = FORM.exec(text) ?? [];
  return yuan === undefined ? undefined : Number(yuan) * 100 + Number(part.padEnd(2, "0"));
}

/**
 * An amount in yuan with two decimals, `0.01`.
 *
 * @param fen an integer, 0 or more
 */
export function yuanOf(fen: number): string {
  const digits = String(fen).padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
