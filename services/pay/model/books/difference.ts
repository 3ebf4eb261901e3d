/** What can be wrong between books and payments, and what to do about each. */
const NEXT_STEP = {
  UNBALANCED: "mall writes balanced entries only, so a line was changed or lost: compare with a backup",
  ENTRY_MISSING:
    "compare with the channel's statement; what it took and the books lack is entered by hand under this key",
  ENTRY_WRONG: "compare both with the channel's statement, then correct the one that is wrong",
  ENTRY_WITHOUT_CAUSE:
    "look the number up at the channel: if money moved, the row was changed or lost, else the entry is to be reversed",
  ROW_ORPHANED: "the row that it belongs to was deleted, which mall never does: restore it from a backup",
  REFUND_SUM:
    "the refunds are right where the channel's statement says so; correct the payment's amounts then",
  REFUND_EXCEEDS: "more goes back than came: stop the refunds that wait, with mall jobs cancel, and compare",
  MONEY_KEPT: "this money is not ours to keep: send it back at the channel, and find who deleted its refund",
  STATE: "compare with mall jobs list and the channel's statement, then correct the one that is wrong",
  TOTAL: "where no entry differs above, lines of other accounts stand in the books: look for them by account",
} as const;

export type DifferenceKind = keyof typeof NEXT_STEP;

/** Something that books and payments say differently. */
export interface Difference {
  readonly kind: DifferenceKind;
  /** What is said by whom, with ids; amounts in minor units. */
  readonly text: string;
}

/** Takes differences as they are found; what it returns is awaited before more is looked for. */
export type Report = (difference: Difference) => unknown;

/** What an operator does about a difference. */
export function nextStep({ kind }: Difference): string {
  return NEXT_STEP[kind];
}
