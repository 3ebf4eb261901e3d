import { parseStrictJson } from "@mall/kit/rest";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The JSON in some bytes: UTF-8 without a byte order mark, and nothing that two readers could understand differently,
 * such as a key given twice; undefined where they hold anything else.
 */
export function readJson(body: Uint8Array): unknown {
  try {
    return parseStrictJson(utf8.decode(body), {});
  } catch {
    return undefined;
  }
}
