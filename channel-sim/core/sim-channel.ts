import type { HttpAnswer } from "@mall/kit/http";
import type { Lie, SealFlaw } from "./faults.ts";
import type { SimAnswer, SimRequest } from "./sim-http.ts";
import type { SimLetter } from "./sim-store.ts";

/** What a letter lacks: a good signature, the truth, or it is changed after it was signed. */
export interface LetterFlaw {
  readonly seal?: SealFlaw | undefined;
  readonly lie?: Lie | undefined;
  readonly tampered?: boolean;
}

/** How a buyer pays. */
export interface Payment {
  /** Minor units; what the trade costs unless the buyer is to be charged something else. */
  readonly amount?: number | undefined;
  /** Stripe: the number of a test card. */
  readonly card?: string | undefined;
}

/** A trade as people are shown it. */
export interface TradeView {
  readonly channel: string;
  readonly outTradeNo: string;
  readonly subject: string;
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
  /** In the channel's own words. */
  readonly state: string;
  readonly payable: boolean;
  /** Where the buyer pays it. */
  readonly page: string;
  /** What is drawn as a QR, where the product has one. */
  readonly code?: string | undefined;
  /** Where the buyer goes once it is paid, where the merchant has said so. */
  readonly returnUrl?: string | undefined;
}

/** A notification in the channel's own words, signed. */
interface Written {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** One channel of the simulator; everything of its protocol is its own. */
export interface SimChannel {
  readonly name: string;
  /** Answers what is meant for this channel; undefined for what is not. */
  answer(request: SimRequest): Promise<SimAnswer> | undefined;
  /**
   * The buyer pays.
   *
   * @throws Refusal
   */
  pay(outTradeNo: string, payment: Payment): Promise<TradeView>;
  /** The buyer opens a trade, where that makes a difference. */
  scan?(outTradeNo: string): Promise<void>;
  trade(outTradeNo: string): Promise<TradeView | undefined>;
  trades(): Promise<readonly TradeView[]>;
  /** A notification as it is sent now. */
  write(letter: SimLetter, flaw: LetterFlaw | undefined): Written | Promise<Written>;
  /** Whether the merchant has taken a notification. */
  acknowledged(answer: HttpAnswer): boolean;
  /** From one delivery that was not acknowledged to the next, milliseconds. */
  readonly retryMs: readonly number[];
  /** How long the merchant may take to acknowledge. */
  readonly notifyTimeoutMs: number;
}

/** What the buyer or the operator of the simulator is refused. */
export class Refusal extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
