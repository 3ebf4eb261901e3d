/** A dot and at most two digits behind it; as much before it as is exact in fen. */
const FORM = /^(0|[1-9]\d{0,12})(?:\.(\d{1,2}))?$/;

/** The fen of an amount in yuan as Alipay writes it, `88.80` or `88.8`; undefined for what is none. */
export function fenOf(text: string): number | undefined {
  const [, yuan, part = ""] = FORM.exec(text) ?? [];
  return yuan === undefined ? undefined : Number(yuan) * 100 + Number(part.padEnd(2, "0"));
}

/** An amount in yuan with two digits behind the dot, `0.01`. @param fen an integer, 0 or more */
export function yuanOf(fen: number): string {
  const digits = String(fen).padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
