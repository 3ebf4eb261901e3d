import iconv from "iconv-lite";

/** Text in GBK, which Node reads and does not write. What GBK lacks is a question mark. */
export function encodeGbk(text: string): Uint8Array {
  return iconv.encode(text, "gbk");
}
