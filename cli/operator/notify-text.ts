import { stateName } from "@mall/kit/states";
import { NOTIFY_STATE, type PayNotifyRow } from "@mall/pay/notify-desk";
import { textTable } from "./text-table.ts";

const HEADINGS = ["ID", "CHANNEL", "SUBJECT", "STATE", "CAME", "FIRST", "ERROR"] as const;

/** A table of notifications, a line each after the headings. */
export function notifyLines(rows: readonly PayNotifyRow[]): string[] {
  const lines = rows.map((row) => [
    String(row.id),
    row.channel,
    row.subject,
    stateName(NOTIFY_STATE, row.state),
    `${row.received}x`,
    timeText(row.receivedAt),
    row.error,
  ]);
  return textTable([[...HEADINGS], ...lines]);
}

/** Everything about a notification, a line for each fact, and its body below. */
export function describeNotify(row: PayNotifyRow): string[] {
  const facts: (readonly [string, string])[] = [
    ["id", String(row.id)],
    ["channel", row.channel],
    ["event", row.eventKey],
    ["subject", row.subject],
    ["state", stateName(NOTIFY_STATE, row.state)],
    ["came", `${row.received} times, first at ${timeText(row.receivedAt)}`],
    ["headers", row.headers],
  ];
  if (row.error !== "") facts.push(["error", row.error]);
  const width = Math.max(...facts.map(([name]) => name.length));
  return [...facts.map(([name, value]) => `${name.padEnd(width)}  ${value}`), "", bodyText(row.body)];
}

/** Text where it is text; a terminal is not to obey what somebody sent, so other bytes are shown as hex. */
function bodyText(body: Uint8Array): string {
  const bytes = Buffer.from(body);
  const text = bytes.toString("utf8");
  const isText = Buffer.from(text).equals(bytes) && !/[^\P{C}\n\t]/u.test(text);
  return isText ? text : bytes.toString("hex");
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
