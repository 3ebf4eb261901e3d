import type { BankTrade } from "./trade.ts";

/** An event that the merchant has not acknowledged yet. */
export interface BankNotice {
  /** The event's number, the same for every delivery. */
  readonly id: string;
  readonly outTradeNo: string;
  readonly url: string;
  /** JSON, a Notification of the protocol. */
  readonly body: string;
  /** When it is delivered next, milliseconds since the Unix epoch. */
  readonly dueAt: number;
  /** Deliveries that were not acknowledged. */
  readonly attempts: number;
}

/** What changes together. */
export interface BankChanges {
  readonly trade?: BankTrade;
  readonly notices?: readonly BankNotice[];
  /** Ids of notices that are over. */
  readonly ended?: readonly string[];
}

/** Where a bank keeps its trades and notices. */
export interface BankStore {
  trade(outTradeNo: string): Promise<BankTrade | undefined>;
  /** All that are not over, in the order in which they came. */
  notices(): Promise<readonly BankNotice[]>;
  /** Keeps all of it, or rejects and keeps none. */
  save(changes: BankChanges): Promise<void>;
}
