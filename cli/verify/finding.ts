/** What can be wrong between payments, orders, stock and what works on them, and what to do about each. */
const NEXT_STEP = {
  PAID_UNHEARD:
    "the money is right, the order does not know of it, and nothing will tell it: give it back (POST /api/pay/refund), or see to it that the order is paid; a dead job is retried by mall jobs retry",
  PAID_GOES_BACK:
    "the buyer has the order and gets the money back: see which of the two stands, with the refund",
  REFUND_UNHEARD:
    "all the money went back and the order does not know: mall jobs retry, or cancel the order by hand",
  REFUNDED_EARLY: "give the rest of the money back (POST /api/pay/refund), or find who changed the order",
  ORDER_WITHOUT_MONEY: "the order is paid and no money came for it: find who made it paid before it is sent",
  CLOSED_UNHEARD: "nobody can pay this order any more: cancel it, which gives its piece back",
  AMOUNT:
    "compare with the channel's statement for the attempt: give back what is too much, or have the buyer pay again",
  ATTEMPT_PRICE:
    "the buyer is asked for another amount than the payment's: close the payment (POST /api/pay/close)",
  OWNER: "payment and order are of two users: find who changed the one or the other",
  SUCCESS_TWICE: "two successes of one payment: give the second back at its channel",
  CLOSED_OPEN: "the channel may still take money for a closed payment: close the attempt at the channel",
  PAY_OVERDUE: "is the job pay.expire waiting (mall jobs list --kind pay.expire) and a pay process running?",
  ORDER_OVERDUE:
    "is the job order.expire waiting (mall jobs list --kind order.expire) and an order process running?",
  ATTEMPT_OVERDUE: "its channel has not closed it: does the channel answer? POST /api/pay/sync asks it now",
  ATTEMPT_UNWATCHED:
    "no job asks about it, so it never ends by itself: POST /api/pay/sync asks its channel now",
  REFUND_UNWATCHED: "no job has it made: POST /api/pay/sync asks its channel now",
  NOTIFY_UNWATCHED: "no job acts on it: mall notify retry has it looked at again",
  JOB_DEAD: "mall jobs show says why; remove the cause, then mall jobs retry",
  JOB_LATE: "is a process of its service running, and does it reach its database?",
  SAGA_OPEN: "a neighbour does not answer: mall jobs list --kind saga.drive has the error",
  SAGA_UNDRIVEN:
    "no job drives it, so it never ends: look what it has taken, in barrier, and take it back by hand",
  KEY_OPEN: "the work that it stands for never settled it: the client gets 409 until the row is removed",
  PIECES_NOT_TAKEN:
    "the order stands and its piece is still in stock: take it out of stock, or cancel the order",
  PIECES_KEPT: "the order let its piece go and stock never got it back: put it back with product/update",
  PIECES_GIVEN_TWICE: "stock got a piece back that the order holds or had given back: take it out of stock",
  STOCK_SUM: "pieces came or went without an order: find who changed the stock, and correct it",
} as const;

/** Differences in the books have words of their own. */
export type FindingKind = keyof typeof NEXT_STEP;

/** Rows that a finding is about, by what they are. */
type FoundRows = Readonly<Record<string, number | string>>;

/** Something that is not as it must be, or not yet. */
export interface Finding {
  readonly kind: string;
  /** What is said by which rows, with ids; amounts in minor units. The same as long as those rows say the same. */
  readonly text: string;
  readonly rows: FoundRows;
  /** True where somebody still works on it, or it is so young that somebody may. */
  readonly isUnderWay: boolean;
  /** What an operator does about it. */
  readonly next: string;
}

/** Takes findings as they are found; what it returns is awaited before more is looked for. */
export type Report = (finding: Finding) => unknown;

/** What is known of a finding before it is judged how it stands. */
interface Found {
  readonly text: string;
  readonly rows: FoundRows;
  /** Left out: nobody works on it. */
  readonly isUnderWay?: boolean;
}

export function found(kind: FindingKind, { text, rows, isUnderWay = false }: Found): Finding {
  return { kind, text, rows, isUnderWay, next: NEXT_STEP[kind] };
}

/** When something began, for the text of a finding. */
export function since(time: Date | undefined): string {
  return time === undefined ? "" : `, since ${time.toISOString()}`;
}

/** The name of a state's number. */
export function stateName(states: Readonly<Record<string, number>>, state: number): string {
  return Object.entries(states).find(([, number]) => number === state)?.[0] ?? `in unknown state ${state}`;
}
