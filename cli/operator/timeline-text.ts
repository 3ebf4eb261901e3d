import { stateName } from "@mall/kit/states";
import { PAY_STATUS } from "@mall/pay/model/pay-state";
import type { TimelineEvent } from "@mall/pay/rpc";
import { type PaymentRecord, tellEvents } from "@mall/pay/timeline";
import { harmless } from "./harmless.ts";
import { textTable } from "./text-table.ts";

const HEADINGS = ["WHEN", "WHAT", "WHICH", "HAPPENED", "NOW", "AMOUNT", "FACTS"] as const;
/** Of a fact in the table; --json has all of it. */
const FACT_MAX = 60;

/** What happened to a payment: a line that says where it stands, and a table with a line for each event. */
export function timelineLines(record: PaymentRecord): string[] {
  const { id, oid, amount, currency, status, refundedAmount } = record.pay;
  const refunded = refundedAmount > 0 ? `, of which ${refundedAmount} went back` : "";
  const head = `payment ${id} of order ${oid}: ${stateName(PAY_STATUS, status)}, ${amount} ${currency}${refunded}`;
  const table = textTable([[...HEADINGS], ...tellEvents(record).map(cellsOf)]);
  return [head, "", ...table, ...(record.isCut ? ["", "There is more of some kind than is shown."] : [])];
}

/** Each event as a line of JSON, for programs. */
export function timelineJson(record: PaymentRecord): string[] {
  return tellEvents(record).map(({ time, ...event }) =>
    harmless(JSON.stringify({ at: new Date(time).toISOString(), ...event })),
  );
}

function cellsOf({
  time,
  kind,
  subject,
  event,
  state,
  amount,
  currency,
  facts,
  error,
}: TimelineEvent): string[] {
  const told = error === "" ? facts : [{ name: "error", value: error }, ...facts];
  const text = told.map(
    ({ name, value }) => `${name}=${value.length > FACT_MAX ? `${value.slice(0, FACT_MAX)}…` : value}`,
  );
  const money = amount === 0 ? "" : `${amount} ${currency}`;
  const cells = [new Date(time).toISOString(), kind, subject, event, state, money, text.join(" ")];
  return cells.map((cell) => (cell === "" ? "-" : harmless(cell)));
}
