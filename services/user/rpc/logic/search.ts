import type { Call } from "@mall/kit/call";
import { invalidArgument } from "@mall/kit/errors";
import { pageLimit } from "@mall/kit/rpc";
import { unixSeconds } from "@mall/kit/runtime";
import type { UserRow } from "../../model/user-model.ts";
import type { ServiceContext } from "../context.ts";
import type { FoundUser, SearchRequest, SearchResponse } from "../gen/user.ts";

const BEGINNING = /^[+]?[0-9]{1,20}$/;

/**
 * A page of users, newest first; with a mobile in the order of mobiles.
 *
 * @throws AppError INVALID_ARGUMENT naming `mobile`, `limit`, or `before` where that is no user.
 */
export async function search(
  { userModel }: Pick<ServiceContext, "userModel">,
  _call: Call,
  request: SearchRequest,
): Promise<SearchResponse> {
  const { mobile } = request;
  if (mobile !== undefined && !BEGINNING.test(mobile)) {
    throw invalidArgument(
      "mobile",
      "must be the beginning of a mobile: 1 to 20 digits, with an optional leading +",
    );
  }
  const { rows, next } = await userModel.search({ ...request, limit: pageLimit(request.limit) });
  return { users: rows.map(toFound), next };
}

function toFound({ id, name, gender, mobile, role, createTime }: UserRow): FoundUser {
  return { id, name, gender, mobile, role, createTime: unixSeconds(createTime) };
}
