import { holdsPieces, ORDER_STATUS } from "@mall/order/model/order-state";
import { type Finding, found, since, stateName } from "./finding.ts";
import type { OrderFile } from "./order-file.ts";
import type { Taken } from "./pieces.ts";
import { isEnding, isYoung, type Moment } from "./verification.ts";

/** States that only a payment leads to. */
const BY_PAYMENT: readonly number[] = [ORDER_STATUS.paid, ORDER_STATUS.refunded];

/** What of an order does not fit without a payment, its end or its pieces. */
export function judgeOrder(file: OrderFile, moment: Moment): Finding[] {
  const { id, status, expireTime } = file;
  const findings: Finding[] = [];
  const rows = { order: id };
  if (BY_PAYMENT.includes(status) && !file.hasPay) {
    const text = `order ${id}: ${stateName(ORDER_STATUS, status)}, and it has no payment`;
    findings.push(found("ORDER_WITHOUT_MONEY", { text, rows }));
  }
  if (status === ORDER_STATUS.unpaid && expireTime !== undefined && expireTime.getTime() <= moment.now) {
    const text = `order ${id}: unpaid and not cancelled${since(expireTime)}`;
    findings.push(found("ORDER_OVERDUE", { text, rows, isUnderWay: isEnding(moment, expireTime) }));
  }
  return [...findings, ...judgePieces(file, moment)];
}

/** Pieces are out of stock while the order holds them, and no longer. */
function judgePieces(file: OrderFile, moment: Moment): Finding[] {
  const { takes, status, reservation } = file;
  return takes.flatMap((taken, time) => {
    const should = holdsPieces(status) && time === reservation ? 1 : 0;
    const is = Number(taken.isTaken) - Number(taken.isTakenBack) - Number(taken.isReleased);
    return is === should ? [] : [pieces(file, { taken, time, is, should }, moment)];
  });
}

/** How often pieces are out of stock, and how often they should be. */
interface Counted {
  readonly taken: Taken;
  readonly time: number;
  readonly is: number;
  readonly should: number;
}

function pieces(file: OrderFile, { taken, time, is, should }: Counted, moment: Moment): Finding {
  const { id, pid, num, stockBranch } = file;
  const when = time === 0 ? "when it was created" : `when it was brought back for the ${time}. time`;
  const name = `order ${id}, product ${pid}: ${stateName(ORDER_STATUS, file.status)}`;
  const rows = { order: id, product: pid };
  if (is > should) {
    const text = `${name}, and ${num} taken ${when} did not go back to stock`;
    return found("PIECES_KEPT", { text, rows, isUnderWay: taken.isReleasing || taken.isUnderWay });
  }
  if (!taken.isTaken && should === 1) {
    // The pieces of somebody else's saga are another step of it, which may come later.
    const isUnderWay = stockBranch !== "" && time === 0 && isYoung(moment, file.createTime);
    return found("PIECES_NOT_TAKEN", {
      text: `${name}, and ${num} were not taken ${when}`,
      rows,
      isUnderWay,
    });
  }
  return found("PIECES_GIVEN_TWICE", {
    text: `${name}, and ${num} taken ${when} went back once too often`,
    rows,
  });
}
