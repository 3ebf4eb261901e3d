/** Of the first byte, and of the second one. */
const FIRST = [0x81, 0xfe] as const;
const SECOND = [0x40, 0xfe] as const;

const QUESTION_MARK = 0x3f;

let table: ReadonlyMap<string, number> | undefined;

/** Text in GBK, which Node reads and does not write: its table is turned round. What GBK lacks is a question mark. */
export function encodeGbk(text: string): Uint8Array {
  table ??= tableOf();
  const bytes = Buffer.alloc(2 * text.length);
  let length = 0;
  for (const character of text) {
    const pair = table.get(character);
    length =
      pair === undefined
        ? bytes.writeUInt8(character < "\x80" ? character.charCodeAt(0) : QUESTION_MARK, length)
        : bytes.writeUInt16BE(pair, length);
  }
  return bytes.subarray(0, length);
}

function tableOf(): ReadonlyMap<string, number> {
  const decoder = new TextDecoder("gbk", { fatal: true });
  const pairs = new Map<string, number>();
  for (let first: number = FIRST[0]; first <= FIRST[1]; first += 1) {
    for (let second: number = SECOND[0]; second <= SECOND[1]; second += 1) {
      const character = decodedBy(decoder, first, second);
      if (character !== undefined && !pairs.has(character)) pairs.set(character, (first << 8) | second);
    }
  }
  return pairs;
}

/** The one character of two bytes; undefined where they are none. */
function decodedBy(decoder: TextDecoder, first: number, second: number): string | undefined {
  try {
    const text = decoder.decode(Uint8Array.of(first, second));
    return Array.from(text).length === 1 ? text : undefined;
  } catch {
    return undefined;
  }
}
