/** Why a shared transaction cannot be committed: its members are to be served otherwise. */
export class GroupTrouble extends Error {
  constructor(cause: unknown) {
    super("a shared transaction is taken back", { cause });
    this.name = "GroupTrouble";
  }
}

/** A member wants what is another's for as long as they share a transaction. */
export class SeatEvicted extends Error {
  constructor() {
    super("another one in this transaction has the row");
    this.name = "SeatEvicted";
  }
}
