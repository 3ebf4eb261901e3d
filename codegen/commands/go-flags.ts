const LONG_FLAG = /^-(?=[a-z-]{2})(?!-)/;

/**
 * Go programs take long flags with one dash, and the tutorials that readers follow write them so:
 * `-src ./pay.sql` becomes `--src ./pay.sql`. Flags of one letter stay.
 */
export function normalizeGoFlags(args: readonly string[]): string[] {
  return args.map((arg) => arg.replace(LONG_FLAG, "--"));
}
