import type { Call } from "@mall/kit/call";
import { revoke } from "../../model/revoke.ts";
import { checkPassword } from "../check-password.ts";
import type { ServiceContext } from "../context.ts";
import { passwordChanged, userNotFound } from "../errors.ts";
import type { ChangePasswordRequest, ChangePasswordResponse } from "../gen/user.ts";
import { checkNewPassword } from "../passwords.ts";

/** Takes another password of somebody who knows the present one, and revokes the tokens that were made before. */
export async function changePassword(
  context: ServiceContext,
  call: Call,
  { id, oldPassword, newPassword, address }: ChangePasswordRequest,
): Promise<ChangePasswordResponse> {
  checkNewPassword("newPassword", newPassword);
  const user = await context.userModel.findOne(id);
  if (user === undefined) throw userNotFound();
  await checkPassword(context, call, { user, password: oldPassword, address });
  const password = await context.passwords.hash(call, newPassword);
  const now = context.runtime.now();
  const notBefore = await revoke(context.userModel, user, { now, changes: { password } });
  // Of two who change it at once, one knew a password that is the old one by now.
  if (notBefore === undefined) throw passwordChanged();
  return { role: user.role, notBefore };
}
