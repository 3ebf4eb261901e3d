import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import { userNotFound } from "../errors.ts";
import type { UserInfoRequest, UserInfoResponse } from "../gen/user.ts";

/** Who a user is, as the database or a view has it. */
export async function userInfo(
  { userModel }: { readonly userModel: Pick<ServiceContext["userModel"], "findOne"> },
  _call: Call,
  request: UserInfoRequest,
): Promise<UserInfoResponse> {
  const user = await userModel.findOne(request.id);
  if (user === undefined) throw userNotFound();
  return { id: user.id, name: user.name, gender: user.gender, mobile: user.mobile };
}
