import type { DisputeKind } from "./objects.ts";

/** How a test card behaves. */
export interface TestCard {
  readonly brand: string;
  readonly last4: string;
  /** What a payment is declined with. */
  readonly declined?: { readonly code: string; readonly decline_code?: string; readonly message: string };
  /** Whether the buyer has to confirm at the bank first (3-D Secure). */
  readonly authenticate?: true;
  /** How refunds go; at once by default. */
  readonly refund?: "failed" | "pending";
  /** Whether its buyer asks the bank for the money back, right after the payment. */
  readonly dispute?: DisputeKind;
}

type Row = readonly [number: string, name: string, card: Omit<TestCard, "last4" | "brand">];

const declined = (code: string, message: string, decline_code?: string) => ({
  declined: { code, message, ...(decline_code && { decline_code }) },
});

/** Stripe's well-known test cards, by number and as a payment method; from documents. */
const ROWS: readonly Row[] = [
  ["4242424242424242", "pm_card_visa", {}],
  ["5555555555554444", "pm_card_mastercard", {}],
  ["6200000000000005", "pm_card_unionpay", {}],
  [
    "4000000000000002",
    "pm_card_chargeDeclined",
    declined("card_declined", "Your card was declined.", "generic_decline"),
  ],
  [
    "4000000000009995",
    "pm_card_chargeDeclinedInsufficientFunds",
    declined("card_declined", "Your card has insufficient funds.", "insufficient_funds"),
  ],
  [
    "4000000000009987",
    "pm_card_chargeDeclinedLostCard",
    declined("card_declined", "Your card was declined.", "lost_card"),
  ],
  [
    "4000000000000069",
    "pm_card_chargeDeclinedExpiredCard",
    declined("expired_card", "Your card has expired."),
  ],
  [
    "4000000000000127",
    "pm_card_chargeDeclinedIncorrectCvc",
    declined("incorrect_cvc", "Your card's security code is incorrect."),
  ],
  [
    "4000000000000119",
    "pm_card_chargeDeclinedProcessingError",
    declined("processing_error", "An error occurred while processing your card. Try again in a little bit."),
  ],
  ["4000002500003155", "pm_card_authenticationRequired", { authenticate: true }],
  ["4000000000005126", "pm_card_refundFail", { refund: "failed" }],
  ["4000000000007726", "pm_card_pendingRefund", { refund: "pending" }],
  ["4000000000000259", "pm_card_createDispute", { dispute: "dispute" }],
  ["4000000000001976", "pm_card_createDisputeInquiry", { dispute: "inquiry" }],
];

const BRANDS: Readonly<Record<string, string>> = { "4": "visa", "5": "mastercard", "6": "unionpay" };

const BY_NAME: ReadonlyMap<string, TestCard> = new Map(
  ROWS.flatMap(([number, name, card]) => {
    const whole = { ...card, brand: BRANDS[number.slice(0, 1)] ?? "unknown", last4: number.slice(-4) };
    return [
      [number, whole],
      [name, whole],
    ];
  }),
);

/** The card with a number, or of a payment method; undefined for one that is not known. */
export function testCard(numberOrMethod: string): TestCard | undefined {
  return BY_NAME.get(numberOrMethod);
}
