/** An order that somebody was told of. */
export interface KnownOrder {
  readonly id: number;
  readonly uid: number;
  readonly pid: number;
  readonly amount: number;
}

/** A payment that somebody was told of. */
export interface KnownPay {
  readonly id: number;
  readonly uid: number;
  readonly oid: number;
  readonly amount: number;
}

/** Everything that the mall has acknowledged to people; what it is held to. */
export class Account {
  readonly orders: KnownOrder[] = [];
  readonly pays: KnownPay[] = [];
  /** Payments whose callback was answered well. */
  readonly calledBack: KnownPay[] = [];
  /** Orders whose cancellation was answered well. */
  readonly cancelled: KnownOrder[] = [];
  /** Answers that are wrong in themselves. */
  readonly wrong: string[] = [];
}
