import { invalidArgument } from "@mall/kit/errors";
import type { Database } from "@mall/kit/store";
import { createPayModel, type PayRow } from "../model/pay-model.ts";
import { PAY_STATUS } from "../model/pay-state.ts";
import { type Condition, findPage, type Source } from "./find-page.ts";
import { idAfter, idBefore, timedTable } from "./first-id-at.ts";
import { type Matched, matchesOf, withNumber } from "./numbers.ts";

/** Which payments to look for; what is left out does not matter. */
export interface PaymentFilter {
  /** A number that somebody has: see NUMBERS. */
  readonly text?: string | undefined;
  readonly uid?: number | undefined;
  readonly status?: number | undefined;
  /** With an attempt on this account. */
  readonly channel?: string | undefined;
  /** Opened at this time or later. */
  readonly from?: Date | undefined;
  /** Opened before this time. */
  readonly to?: Date | undefined;
  /** Minor units. */
  readonly amountMin?: number | undefined;
  readonly amountMax?: number | undefined;
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
 * @throws AppError INVALID_ARGUMENT naming `from` or `amountMin` for ranges that hold nothing.
 */
export async function searchPayments(database: Database, filter: PaymentFilter): Promise<FoundPayments> {
  const { from, to, before = Number.MAX_SAFE_INTEGER, limit } = filter;
  checkRanges(filter);
  const pays = timedTable(database, "pay");
  const [first, last] = await Promise.all([
    from === undefined ? 0 : idBefore(database, pays, from.getTime()),
    to === undefined ? before : idAfter(database, pays, to.getTime()),
  ]);
  const { source, decided } = sourceOf(filter);
  const conditions = conditionsOf(database, filter).filter(({ name }) => name !== decided);
  const bounds = { from: first, before: Math.min(before, last), limit };
  const { ids, next } = await findPage(database, { table: "pay", source, conditions, ...bounds });
  return { payments: await readFound(database, ids, filter.text), next };
}

function checkRanges({ from, to, amountMin, amountMax }: PaymentFilter): void {
  if (from !== undefined && to !== undefined && from >= to)
    throw invalidArgument("from", "must be before to");
  if (amountMin !== undefined && amountMax !== undefined && amountMin > amountMax)
    throw invalidArgument("amountMin", "must not be more than amountMax");
}

type FilterName = keyof PaymentFilter;

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

interface NamedCondition extends Condition {
  readonly name: FilterName;
}

function conditionsOf(database: Database, filter: PaymentFilter): NamedCondition[] {
  const { from, to } = filter;
  const comparing: readonly (readonly [FilterName, string, string | number | undefined])[] = [
    ["uid", "pay.uid = ?", filter.uid],
    ["status", "pay.status = ?", filter.status],
    ["channel", ON_ACCOUNT, filter.channel],
    ["from", "pay.create_time >= ?", from && database.times.toText(from)],
    ["to", "pay.create_time < ?", to && database.times.toText(to)],
    ["amountMin", "pay.amount >= ?", filter.amountMin],
    ["amountMax", "pay.amount <= ?", filter.amountMax],
  ];
  return comparing.flatMap(([name, sql, value]) =>
    value === undefined ? [] : [{ name, sql, parameters: [value] }],
  );
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
