import type { Database, SqlValue } from "@mall/kit/store";
import { ATTEMPT_STATE } from "../model/attempt-state.ts";
import { createPayAttemptModel, type PayAttemptRow } from "../model/pay-attempt-model.ts";
import type { PayRow } from "../model/pay-model.ts";
import { createPayRefundModel, type PayRefundRow } from "../model/pay-refund-model.ts";

/** The columns with texts that a person may hold, each with an index, by table. */
const TEXTS = {
  pay_attempt: ["out_trade_no", "channel_trade_no", "channel_ref"],
  pay_refund: ["refund_no", "channel_refund_no"],
} as const;

/** Ids of the mall's own are numbers, and all that is longer is somebody else's. */
const ID = /^[1-9]\d{0,15}$/;

/** The number that a text is; undefined where it is none that the mall gives. */
export function idIn(text: string): number | undefined {
  const id = Number(text);
  return ID.test(text) && Number.isSafeInteger(id) ? id : undefined;
}

/**
 * The ids of payments that a number is of, by an index each: the payment's own, its order's, its user's, one of its
 * attempts' or refunds', or the channel's of one of these.
 */
export function withNumber(text: string): { readonly from: string; readonly parameters: SqlValue[] } {
  const id = idIn(text);
  const byText = Object.entries(TEXTS).flatMap(([table, columns]) =>
    columns.map((column) => `SELECT pay_id AS id FROM ${table} WHERE ${column} = ?`),
  );
  const byId =
    id === undefined ? [] : ["id", "oid", "uid"].map((column) => `SELECT id FROM pay WHERE ${column} = ?`);
  return {
    from: `(${[...byId, ...byText].join(" UNION ")}) numbered`,
    parameters: [...byId.map(() => id ?? 0), ...byText.map(() => text)],
  };
}

/** What a search tells beside a payment. */
export interface Matched {
  /** The success, else the last attempt. */
  readonly attempt: PayAttemptRow | undefined;
  /** What the text is of it. */
  readonly matched: readonly string[];
}

/**
 * By payment: its attempt, and what the text is of it. Where there is a text, payments are left out that have it in
 * other letters only, since MySQL takes A for a.
 */
export async function matchesOf(
  database: Database,
  pays: readonly PayRow[],
  text: string | undefined,
): Promise<Map<number, Matched>> {
  const ids = pays.map(({ id }) => id);
  const attempts = Map.groupBy(await attemptsOf(database, ids), ({ payId }) => payId);
  const refunds = text === undefined ? [] : await refundsWith(database, text);
  const refundsOf = Map.groupBy(refunds, ({ payId }) => payId);
  return new Map(
    pays.flatMap((pay): [number, Matched][] => {
      const own = attempts.get(pay.id) ?? [];
      const attempt = own.find(({ state }) => state === ATTEMPT_STATE.succeeded) ?? own.at(-1);
      if (text === undefined) return [[pay.id, { attempt, matched: [] }]];
      const matched = namesOf(text, pay, [...own, ...(refundsOf.get(pay.id) ?? [])]);
      return matched.length === 0 ? [] : [[pay.id, { attempt, matched }]];
    }),
  );
}

function namesOf(text: string, pay: PayRow, rows: readonly (PayAttemptRow | PayRefundRow)[]): string[] {
  const ofPay = (["id", "oid", "uid"] as const).filter((name) => String(pay[name]) === text);
  const texts = ["outTradeNo", "channelTradeNo", "channelRef", "refundNo", "channelRefundNo"];
  return [...ofPay, ...texts.filter((name) => rows.some((row) => Reflect.get(row, name) === text))];
}

function attemptsOf(database: Database, payIds: readonly number[]): Promise<PayAttemptRow[]> {
  return createPayAttemptModel(database).findMany((query) =>
    query.where("pay_id", "in", [...payIds]).orderBy("id"),
  );
}

/** Refunds with a number, of which a channel gives each once. */
async function refundsWith(database: Database, text: string): Promise<PayRefundRow[]> {
  const model = createPayRefundModel(database);
  const [ours, theirs] = await Promise.all([
    model.findOneByRefundNo(text),
    model.findMany((query) => query.where("channel_refund_no", "=", text).limit(THEIRS_MAX)),
  ]);
  return ours === undefined ? theirs : [ours, ...theirs];
}

const THEIRS_MAX = 100;
