import type { Call } from "@mall/kit/context";
import type { ServiceContext } from "../context.ts";
import { userNotFound } from "../errors.ts";
import type { UserInfoRequest, UserInfoResponse } from "../gen/user.ts";

/** Who a user is. */
export async function userInfo(
  context: ServiceContext,
  _call: Call,
  request: UserInfoRequest,
): Promise<UserInfoResponse> {
  const user = await context.userModel.findOne(request.id);
  if (user === undefined) throw userNotFound();
  return { id: user.id, name: user.name, gender: user.gender, mobile: user.mobile };
}
