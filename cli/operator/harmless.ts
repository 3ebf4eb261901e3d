/** A terminal is not to obey what somebody wrote: all control characters, of C1 too. */
const CONTROL = /\p{C}/gu;

/**
 * A text as a terminal may show it, on one line: control characters become escapes. JSON stays the same JSON by it, as
 * it escapes those itself that mean something there.
 */
export function harmless(text: string): string {
  return text.replace(CONTROL, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return String.raw`\u` + code.toString(16).padStart(4, "0");
  });
}
