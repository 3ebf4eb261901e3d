/** Bytes in base64 as the text that they are; those that are none stay in base64, with a word before them. */
export function bytesText(base64: string): string {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return `base64 ${base64}`;
  }
}
