import { demandRanges } from "@mall/kit/rpc";
import type { Database } from "@mall/kit/store";
import { createPayModel, type PayRow } from "../model/pay-model.ts";
import { PAY_STATUS } from "../model/pay-state.ts";
import { type Condition, findPage, type Source } from "./find-page.ts";
import { type Matched, matchesOf, withNumber } from "./numbers.ts";
import { compared, idBounds, type Ranges, rangeConditions } from "./ranges.ts";

/** Which payments to look for, opened when and of how much; what is left out does not matter. */
export interface PaymentFilter extends Ranges {
  /** A number that somebody has: see NUMBERS. */
  readonly text?: string | undefined;
  readonly uid?: number | undefined;
  readonly status?: number | undefined;
  /** With an attempt on this account. */
  readonly channel?: string | undefined;
  /** Only payments with a smaller id; undefined for the first page. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** A payment that was found, with the attempt that says most of it. */
export interface FoundPayment extends Matched {
  readonly pay: PayRow;
}

export interface FoundPayments {
  /** The newest first. */
  readonly payments: readonly FoundPayment[];
  /** `before` of the next page; 0 where there is none. */
  readonly next: number;
}

/**
 * Payments by any number that a person may hold, and by filters, newest first.
 *
 * One index gives the ids, newest first: those of the numbers where there is a text, else the user's, the state's, the
 * account's, or all. The rest is compared with at most LOOKED_AT_MAX of them for each page, so that every combination
 * is bounded on a table of any size; a time is one of ids first, by halves (see first-id-at.ts).
 *
 * @throws AppError INVALID_ARGUMENT as demandRanges.
 */
export async function searchPayments(database: Database, filter: PaymentFilter): Promise<FoundPayments> {
  demandRanges(filter);
  const { source, decided } = sourceOf(filter);
  const { ids, next } = await findPage(database, {
    table: "pay",
    source,
    conditions: [...conditionsOf(filter, decided), ...rangeConditions(database, "pay", filter)],
    limit: filter.limit,
    ...(await idBounds(database, "pay", filter)),
  });
  return { payments: await readFound(database, ids, filter.text), next };
}

type FilterName = "uid" | "status" | "channel";

/** The index that gives the ids, and the filter that it decides. */
function sourceOf(filter: PaymentFilter): { readonly source: Source; readonly decided?: FilterName } {
  const { text, uid, status, channel } = filter;
  const ofPay = { from: "pay", key: "id" };
  if (text !== undefined) return { source: { ...withNumber(text), key: "id" } };
  if (uid !== undefined)
    return { source: { ...ofPay, where: { sql: "uid = ?", parameters: [uid] } }, decided: "uid" };
  // Most payments are paid: an account is the narrower choice then.
  if (status !== undefined && (status !== PAY_STATUS.paid || channel === undefined))
    return { source: { ...ofPay, where: { sql: "status = ?", parameters: [status] } }, decided: "status" };
  if (channel === undefined) return { source: ofPay };
  const where = { sql: "channel = ?", parameters: [channel] };
  return { source: { from: "pay_attempt", key: "pay_id", distinct: true, where }, decided: "channel" };
}

/** All but what the index has decided. */
function conditionsOf({ uid, status, channel }: PaymentFilter, decided: FilterName | undefined): Condition[] {
  return compared([
    ["pay.uid = ?", decided === "uid" ? undefined : uid],
    ["pay.status = ?", decided === "status" ? undefined : status],
    [ON_ACCOUNT, decided === "channel" ? undefined : channel],
  ]);
}

const ON_ACCOUNT =
  "EXISTS (SELECT 1 FROM pay_attempt WHERE pay_attempt.pay_id = pay.id AND pay_attempt.channel = ?)";

async function readFound(
  database: Database,
  ids: readonly number[],
  text: string | undefined,
): Promise<FoundPayment[]> {
  if (ids.length === 0) return [];
  const pays = await createPayModel(database).findMany((query) =>
    query.where("id", "in", ids).orderBy("id", "desc"),
  );
  const matches = await matchesOf(database, pays, text);
  return pays.flatMap((pay) => {
    const matched = matches.get(pay.id);
    return matched === undefined ? [] : [{ pay, ...matched }];
  });
}
