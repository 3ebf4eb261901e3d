import type { Random } from "../kernel/index.ts";
import type { Edge } from "../world/index.ts";
import type { Account } from "./account.ts";
import type { Customer } from "./people.ts";

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
  /** Virtual milliseconds of patience. */
  pause(ms: number): Promise<void>;
}

/** Something that somebody does; it never rejects for what the mall answers. */
export type Act = (context: ActionContext) => Promise<void>;
