import type { HttpRequest } from "@mall/kit/http";
import type { Payment } from "@mall/pay/sandbox/bank";
import type { Random } from "../kernel/index.ts";
import type { BuyersTrade, Edge } from "../world/index.ts";
import type { Account } from "./account.ts";
import type { Customer } from "./people.ts";

/** The banks as their customers see them. */
interface BuyersBank {
  /** Pays a trade; false where its bank does not take the money. */
  pay(trade: BuyersTrade, payment?: Payment): Promise<boolean>;
  /** Pays a trade, also one that its bank has closed: it does not look. */
  payLate(trade: BuyersTrade): Promise<boolean>;
  /** What a trade costs, where its bank tells that. */
  amountOf(trade: BuyersTrade): number | undefined;
}

/** Where somebody may choose to pay. */
export interface KnownChannel {
  /** The mall's name of it. */
  readonly name: string;
  /** How it is paid; none where there is nothing to choose. */
  readonly products: readonly string[];
}

/** What waits for a second person. */
export interface OpenApproval {
  readonly id: number;
}

/** What waits for somebody's decision, as staff see it on their screens. */
interface Waiting {
  /** Numbers of refunds that no channel makes. */
  refundsByHand(): readonly string[];
  /** Numbers of refunds that somebody has asked for and a channel is making. */
  refundsAtChannel(): readonly string[];
  /** Paid payments of which something is left, with what that is. */
  refundable(): readonly { readonly id: number; readonly rest: number }[];
  /** Payments whose money is held. */
  heldPays(): readonly number[];
  /** What somebody wants that another has to approve. */
  approvals(): readonly OpenApproval[];
}

/** What an action may use. */
export interface ActionContext {
  readonly edge: Edge;
  /** What people were told so far. */
  readonly account: Account;
  /** Of this action alone. */
  readonly random: Random;
  /** The customer whom it is about. */
  readonly customer: Customer;
  /** The product that it is about. */
  readonly pid: number;
  /** Names the action in the timeline and in its idempotency keys. */
  readonly id: string;
  /** Where buyers pay. */
  readonly bank: BuyersBank;
  /** One, or more than that. */
  readonly channels: readonly KnownChannel[];
  /** What waits for staff. */
  readonly waiting: Waiting;
  /** What banks have posted to the mall so far. */
  readonly seenNotifies: readonly HttpRequest[];
  /** Posts a notification to an account of the mall's; true where it is taken. */
  notify(channel: string, notify: Pick<HttpRequest, "headers" | "body">): Promise<boolean>;
  /** Virtual milliseconds of patience. */
  pause(ms: number): Promise<void>;
}

/** Something that somebody does; it never rejects for what the mall answers. */
export type Act = (context: ActionContext) => Promise<void>;
