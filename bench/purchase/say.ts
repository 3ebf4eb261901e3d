/** Tells how far a measurement is. */
export function say(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}
