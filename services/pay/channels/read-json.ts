import { parseStrictJson } from "@mall/kit/rest";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Parses JSON from bytes: UTF-8 without a byte order mark, and without anything that parsers interpret differently,
 * such as a repeated key. Undefined if the bytes hold anything else.
 */
export function readJson(body: Uint8Array): unknown {
  try {
    return parseStrictJson(utf8.decode(body), {});
  } catch {
    return undefined;
  }
}
