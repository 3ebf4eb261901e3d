/** What a command could not do and its user can mend; the text is a line for each thing that is wrong. */
export class CommandError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = "CommandError";
  }
}
