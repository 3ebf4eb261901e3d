/** A refund as a bank has it. */
export interface RefundAtBank {
  readonly refundNo: string;
  /** Minor units. */
  readonly amount: number;
  /** `returned`: made, and the bank has the money again, as the buyer's did not take it. */
  readonly outcome: "processing" | "succeeded" | "failed" | "returned";
  /** Whether the mall has said that it heard of its coming back; nothing else tells of that. */
  readonly isReturnHeard?: boolean;
}

/** Money that a dispute moved at a bank; amounts in minor units, negative where it was taken. */
export interface DisputeMoveAtBank {
  readonly moveNo: string;
  readonly amount: number;
  readonly fee: number;
  /** Whether the mall has said that it heard of the dispute since; nothing else tells of that. */
  readonly isHeard: boolean;
}

/** A trade as a bank has it, whatever bank that is. */
export interface TradeAtBank {
  /** The mall's name of the account. */
  readonly channel: string;
  readonly outTradeNo: string;
  /** Whether it takes money now. */
  readonly isOpen: boolean;
  /** Amounts in minor units; without a fee where the bank does not tell it. */
  readonly payment?:
    | { readonly amount: number; readonly currency: string; readonly fee?: number | undefined }
    | undefined;
  readonly refunds: readonly RefundAtBank[];
  /** None where buyers dispute nothing. */
  readonly disputeMoves?: readonly DisputeMoveAtBank[];
}

/** A trade as its buyer was given it. */
export interface BuyersTrade {
  readonly channel: string;
  readonly outTradeNo: string;
  /** What the buyer needs to pay. */
  readonly credential: string;
  /** How it is paid. */
  readonly product: string;
}
