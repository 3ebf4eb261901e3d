import type { OutdatedForm } from "@mall/kit/store";
import type { DoublePaid, DoublePayment } from "@mall/pay/model/double-payments";

/** What is wrong with the form of a table, what is done about it, and whom that keeps waiting. */
export function formText({ table, engine, charsets, rows, bytes, statement }: OutdatedForm): string {
  const wrong = charsets.length === 0 ? engine : `${engine}, ${charsets.join(" and ")}`;
  const size = `about ${rows} rows, ${(bytes / 1024 / 1024).toFixed(1)} MiB`;
  return `${table}: ${wrong}; ${statement} (${size}: the table is copied, and writes to it wait until that is done)`;
}

/** The payments of one order that has several, one line each. */
export function doubleLines({ oid, keep, move }: DoublePaid): string[] {
  return [
    `pay: order ${oid} keeps ${paymentText(keep)}`,
    ...move.map((payment) => {
      const twice =
        payment.status === 1 && keep.status === 1 ? ", which was paid too: its money is owed" : "";
      return `pay: order ${oid} moves ${paymentText(payment)} to pay_merged${twice}`;
    }),
  ];
}

function paymentText({ id, uid, amount, status, createTime }: DoublePayment): string {
  const state = status === 1 ? "paid" : `status ${status}`;
  return `payment ${id} (${state}, user ${uid}, amount ${amount}, ${createTime})`;
}
