import type { MallFiles } from "../nodes/index.ts";

/** Something that has not come to its end. */
export interface OpenWork {
  readonly service: string;
  readonly what: string;
}

/** Jobs that wait, but for those that come again for ever: their key is their kind. Dead ones wait for somebody. */
const jobsOf = (
  queue: string,
): string => `SELECT kind || ' ' || payload || ' in state ' || state || ' ' || error AS what FROM job
  WHERE queue = '${queue}' AND (state = 2 OR (state = 0 AND (unique_key IS NULL OR unique_key <> kind)))`;

/** Attempts that are over are looked at again for a day; money that is found so is looked for in the bank's books. */
const LOOKS_BACK = `kind >= 'pay.query-attempt' AND kind <= 'pay.query-attempt@z' AND
  json_extract(payload, '$.attemptId') IN (SELECT id FROM pay_attempt WHERE state = 4)`;

const OPEN: Readonly<Record<"order" | "pay", readonly string[]>> = {
  order: [
    jobsOf("order"),
    "SELECT 'saga ' || gid AS what FROM saga WHERE state IN (0, 1)",
    "SELECT 'key ' || idempotency_key AS what FROM idempotency WHERE state = 0",
    `SELECT 'unpaid order ' || id AS what FROM "order" WHERE status = 0`,
  ],
  pay: [
    `${jobsOf("pay")} AND NOT (state = 0 AND ${LOOKS_BACK})`,
    "SELECT 'unpaid payment ' || id AS what FROM pay WHERE status = 0",
    "SELECT 'key ' || idempotency_key AS what FROM idempotency WHERE state = 0",
    "SELECT 'attempt ' || out_trade_no || ' in state ' || state AS what FROM pay_attempt WHERE state IN (0, 1, 5)",
    "SELECT 'refund ' || refund_no || ' in state ' || state AS what FROM pay_refund WHERE state IN (0, 1)",
    "SELECT 'notification ' || event_key AS what FROM pay_notify WHERE state = 0",
  ],
};

/** What still has to come to its end. */
export function readOpenWork(files: MallFiles): OpenWork[] {
  return (["order", "pay"] as const).flatMap((service) =>
    OPEN[service].flatMap((sql) =>
      files[service].read<{ what: string }>(sql).map(({ what }) => ({ service, what })),
    ),
  );
}
