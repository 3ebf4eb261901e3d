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
  /** Unacknowledged deliveries so far. */
  readonly attempts: number;
}

/** Changes that are stored together. */
export interface BankChanges {
  readonly trade?: BankTrade;
  readonly notices?: readonly BankNotice[];
  /** Ids of notices that are done. */
  readonly ended?: readonly string[];
}

/** Stores a bank's trades and notices. */
export interface BankStore {
  trade(outTradeNo: string): Promise<BankTrade | undefined>;
  /** All notices that are not done, in order of arrival. */
  notices(): Promise<readonly BankNotice[]>;
  /** Stores all of the changes, or rejects and stores none. */
  save(changes: BankChanges): Promise<void>;
}
