/** Up to five decimals, as of a fee that is a part of a fen. */
const FORM = /^(-?)(\d{1,13})(?:\.(\d{1,5}))?$/;
const DECIMALS = 5;
/** Digits of a yuan beyond those of a fen. */
const PARTS_OF_FEN = 1000n;

/**
 * An amount of a bill in fen; undefined for what is none. Half a fen counts as one.
 *
 * @param text yuan, `88.80`, `-0.53280`
 */
export function billedFen(text: string): number | undefined {
  const [, sign, yuan, part = ""] = FORM.exec(text) ?? [];
  if (yuan === undefined) return undefined;
  const parts = BigInt(yuan + part.padEnd(DECIMALS, "0"));
  const fen = Number((parts + PARTS_OF_FEN / 2n) / PARTS_OF_FEN);
  return sign === "-" && fen !== 0 ? -fen : fen;
}
