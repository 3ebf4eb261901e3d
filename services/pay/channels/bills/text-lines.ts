import { AppError } from "@mall/kit/errors";

/** More than any line of a bill has; characters. */
const LINE_LENGTH_MAX = 64 * 1024;

/**
 * The lines of a text that arrives in pieces, without what ends them; a byte order mark is left out.
 *
 * @throws AppError UNKNOWN BAD_ANSWER for a line that never ends; TypeError for bytes that are none of the encoding.
 */
export async function* textLines(
  pieces: AsyncIterable<Uint8Array>,
  encoding: "utf-8" | "gbk",
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let rest = "";
  for await (const piece of pieces) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > LINE_LENGTH_MAX) throw new AppError("UNKNOWN", "BAD_ANSWER", "a line does not end");
    for (const line of lines) yield withoutReturn(line);
  }
  rest += decoder.decode();
  if (rest !== "") yield withoutReturn(rest);
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
