import type { Account } from "../actors/index.ts";
import type { Books } from "./books.ts";
import { ORDER, PAY } from "./states.ts";
import { Violation } from "./violation.ts";

/** Nothing was answered that is wrong in itself. */
export function checkAnswers({ wrong, freshness }: Account): void {
  for (const each of wrong) throw new Violation("answers", each);
  for (const each of freshness.stale) throw new Violation("fresh answers", each);
}

/** What was acknowledged is there. */
export function checkAcknowledged(books: Books, account: Account): void {
  checkKnownRows(books, account);
  checkKeys(books, account);
  for (const { id, oid } of account.calledBack) {
    const pay = books.pays.find((row) => row.id === id);
    if (pay?.status === PAY.created) {
      throw new Violation("acknowledged", `payment ${id} of order ${oid} was called back and is not paid`);
    }
  }
  for (const { id } of account.cancelled) {
    const order = books.orders.find((row) => row.id === id);
    if (order?.status === ORDER.unpaid)
      throw new Violation("acknowledged", `order ${id} was cancelled and is not`);
  }
}

function checkKnownRows({ orders, pays, attempts, refunds }: Books, account: Account): void {
  for (const { outTradeNo, payId } of account.trades) {
    if (attempts.some((row) => row.outTradeNo === outTradeNo && row.payId === payId)) continue;
    throw new Violation("acknowledged", `there is no attempt ${outTradeNo}`);
  }
  for (const { refundNo, id, amount } of account.refunds) {
    const row = refunds.find((each) => each.refundNo === refundNo);
    if (row?.payId !== id || row.amount !== amount) {
      throw new Violation("acknowledged", `refund ${refundNo} is ${JSON.stringify(row)}`);
    }
  }
  for (const known of account.orders) {
    const row = orders.find(({ id }) => id === known.id);
    if (row?.uid !== known.uid || row.pid !== known.pid) {
      throw new Violation("acknowledged", `order ${known.id} is ${JSON.stringify(row)}`);
    }
  }
  for (const known of account.pays) {
    const row = pays.find(({ id }) => id === known.id);
    if (row?.uid !== known.uid || row.oid !== known.oid) {
      throw new Violation("acknowledged", `payment ${known.id} is ${JSON.stringify(row)}`);
    }
  }
}

/** Each key made at most one order. Without a key a request that came twice may have made two. */
function checkKeys({ orders }: Books, account: Account): void {
  for (const [uid, { keys, withoutKey }] of account.ordersAsked) {
    const made = orders.filter((row) => row.uid === uid).length;
    if (withoutKey === 0 && made > keys.size) {
      throw new Violation(
        "one order per key",
        `user ${uid} asked with ${keys.size} keys and has ${made} orders`,
      );
    }
  }
}
