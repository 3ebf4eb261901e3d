/** A statement that the simulated server does not know: it guesses nothing, so the run ends. */
export class UnsupportedSql extends Error {
  constructor(what: string) {
    super(`the simulated MySQL does not know ${what}`);
    this.name = "UnsupportedSql";
  }
}
