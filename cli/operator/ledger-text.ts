import { type BooksVerified, type Difference, nextStep } from "@mall/pay/model/books";
import { textTable } from "./text-table.ts";

const HEADINGS = ["ACCOUNT", "CURRENCY", "DEBIT", "CREDIT", "BALANCE", "BY PAYMENTS"] as const;

/** A difference, and what to do about it. */
export function differenceLines(difference: Difference): string[] {
  return [`${difference.kind}: ${difference.text}`, `  -> ${nextStep(difference)}`];
}

/** What stands on each account, how much was compared, and whether it is the same. */
export function booksLines(books: BooksVerified): string[] {
  const rows = books.accounts.map(({ account, currency, debit, credit, byPayments }) => [
    ...[account, currency],
    ...[debit, credit, debit - credit, byPayments].map(String),
  ]);
  const { payments, attempts, refunds, disputeMoves, entries, differences } = books;
  const disputed = disputeMoves === 0 ? "" : `${disputeMoves} movements of disputes, `;
  return [
    ...(rows.length === 0 ? [] : textTable([[...HEADINGS], ...rows])),
    `${payments} payments, ${attempts} attempts, ${refunds} refunds, ${disputed}${entries} entries; amounts in minor units`,
    ...unbookedLines(books),
    differences === 0
      ? "the books are the payments"
      : `the books differ from the payments: ${differences} differences`,
  ];
}

function unbookedLines({ unbooked, unbookedIds }: BooksVerified): string[] {
  if (unbooked === 0) return [];
  const ids = `${unbookedIds.join(", ")}${unbooked > unbookedIds.length ? ", ..." : ""}`;
  return [
    `not in the books yet, as a process without books made them paid: ${unbooked} payments (${ids}); ` +
      "their callback or a refund enters them",
  ];
}
