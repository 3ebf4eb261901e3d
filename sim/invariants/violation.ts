/** Something that must never be so, and is. */
export class Violation extends Error {
  /** Names the invariant. */
  readonly invariant: string;

  constructor(invariant: string, message: string) {
    super(`${invariant}: ${message}`);
    this.name = "Violation";
    this.invariant = invariant;
  }
}
