/**
 * Writes lines to standard output; resolves once they are out of this process, or nobody reads on. Whoever writes many
 * waits for that: a slow reader would have all of them kept in memory.
 */
export function print(lines: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(`${lines.join("\n")}\n`, () => resolve());
  });
}
