/** Yuan as the Chinese channels write them (`0.01`), in fen; undefined for what is no amount. */
export function readYuan(text: string): number | undefined {
  const found = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(text);
  if (found === null) return undefined;
  return Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0"));
}

/** Fen as yuan with two decimals. */
export function yuan(fen: number): string {
  const amount = Math.abs(fen);
  return `${fen < 0 ? "-" : ""}${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, "0")}`;
}
