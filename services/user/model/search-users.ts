import { invalidArgument } from "@mall/kit/errors";
import { type ScannedPage, type SelectOf, scanNewest, startsWith } from "@mall/kit/store";
import type { UserColumns, UserModelGen, UserRow } from "./gen/user-model.ts";

/** Which users to find; what is undefined does not matter. */
export interface UserSearch {
  readonly id?: number | undefined;
  /** The whole mobile, or how it begins: digits, perhaps with a plus before them. */
  readonly mobile?: string | undefined;
  readonly role?: number | undefined;
  /** Only users behind the one with this id; 0 for the first page. */
  readonly before: number;
  readonly limit: number;
}

type Query = SelectOf<UserColumns>;
type Users = Pick<UserModelGen, "findMany" | "findOne">;

/** Of mobiles with one beginning, how many are looked through for a page of users of one role. */
const SCANNED_MAX = 1_000;
/** No mobile that begins with a text comes after that text with these behind it. */
const LAST_DIGITS = "9".repeat(20);

/**
 * A page of users, in bounded time: the newest first, but those of a mobile in the order of mobiles, which its index
 * gives.
 *
 * @throws AppError INVALID_ARGUMENT where `before` is no user, and mobiles are in order.
 */
export function searchUsers(users: Users, search: UserSearch): Promise<ScannedPage<UserRow>> {
  const { id, mobile, role, before, limit } = search;
  if (mobile !== undefined) return searchMobiles(users, { ...search, mobile });
  const within = (query: Query): Query => {
    const chosen = id === undefined ? query : query.where("id", "=", id);
    return role === undefined ? chosen : chosen.where("role", "=", role);
  };
  return scanNewest<UserRow, Query>(users.findMany, { before, limit, within });
}

async function searchMobiles(
  users: Users,
  { id, mobile, role, before, limit }: UserSearch & { readonly mobile: string },
): Promise<ScannedPage<UserRow>> {
  const behind = before === 0 ? undefined : await mobileOf(users, before);
  const scanned = role === undefined ? limit : SCANNED_MAX;
  const looked = await users.findMany((query) => {
    let begun = query
      .where("mobile", ">=", mobile)
      .where("mobile", "<=", mobile + LAST_DIGITS)
      .where(startsWith("mobile", mobile));
    if (id !== undefined) begun = begun.where("id", "=", id);
    if (behind !== undefined) begun = begun.where("mobile", ">", behind);
    return begun.orderBy("mobile").limit(scanned);
  });
  const found = looked.filter((user) => (role ?? user.role) === user.role);
  const rows = found.slice(0, limit);
  if (found.length > limit) return { rows, next: rows.at(-1)?.id ?? 0 };
  return { rows, next: looked.length < scanned ? 0 : (looked.at(-1)?.id ?? 0) };
}

async function mobileOf({ findOne }: Users, id: number): Promise<string> {
  const user = await findOne(id);
  if (user === undefined) throw invalidArgument("before", "must be `next` of the page before");
  return user.mobile;
}
