/** What can be wrong between a channel's bill and the payments, and what to do about each. */
const NEXT_STEP = {
  PAYMENT_UNKNOWN:
    "another system may take money with this account; else look the number up at the channel and give the money back there",
  PAYMENT_NOT_HERE: "ask the channel once more: POST /api/pay/sync with the payment's id",
  PAYMENT_NOT_BILLED:
    "look the number up at the channel: where no money came, what was sold for it was given away; report it",
  PAYMENT_TWICE: "the buyer paid twice under one number: give one of the two back at the channel",
  REFUND_UNKNOWN:
    "it was made at the channel itself: enter it by hand, and refund there no more what is refunded here",
  REFUND_NOT_HERE: "ask the channel once more: POST /api/pay/sync with the payment's id",
  REFUND_FAILED:
    "the buyer waits for the money: look the number up at the channel, and give it back another way",
  REFUND_NOT_BILLED:
    "if nobody made it by hand, ask the channel for this number: the buyer may still wait for the money",
  REFUND_TWICE: "the buyer got it twice: talk to the channel",
  AMOUNT: "look at the trade at the channel, then correct the side that is wrong",
  TRADE: "look both numbers up at the channel: the buyer may have paid twice under one number of ours",
  ACCOUNT:
    "the account of the payment is of another merchant, or not configured any more: compare their numbers and keys",
  FEE: "look at the trade at the channel; the books keep what it said first",
  BILL_ABSENT: "bills are made on the next day, most after 10:00 in China: ask again later",
  LINE_UNREADABLE: "download the bill at the channel and look at this line",
} as const;

export type BillDifferenceKind = keyof typeof NEXT_STEP;

/** What is found of one number. */
export interface Found {
  readonly kind: BillDifferenceKind;
  /** The number that it is about, or the line; empty for the whole bill. Of a kind, a bill has one of each. */
  readonly subject: string;
  /** The payment; 0 where none is known. */
  readonly payId: number;
  /** The attempt or, of a refund, the refund; 0 where none is known. */
  readonly ours: number;
  /** What is said by whom, with numbers; amounts in minor units. */
  readonly text: string;
}

/** Something that a channel's bill and the payments say differently. */
export interface BillDifference extends Found {
  /** Whose bill it is about. */
  readonly day: string;
  /** What an operator does about it. */
  readonly next: string;
}

export type ReportBill = (found: Found) => void;

/** What an operator does about a difference; nothing is known of a kind that a later version found. */
export function nextStepOf(kind: string): string {
  return isKind(kind) ? NEXT_STEP[kind] : "";
}

function isKind(kind: string): kind is BillDifferenceKind {
  return Object.hasOwn(NEXT_STEP, kind);
}
