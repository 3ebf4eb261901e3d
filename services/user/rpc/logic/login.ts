import type { Call } from "@mall/kit/call";
import { checkPassword } from "../check-password.ts";
import type { ServiceContext } from "../context.ts";
import { userNotFound } from "../errors.ts";
import type { LoginRequest, LoginResponse } from "../gen/user.ts";

/** Checks mobile and password; a good login replaces a hash of the seed's form. */
export async function login(
  context: ServiceContext,
  call: Call,
  request: LoginRequest,
): Promise<LoginResponse> {
  const user = await context.userModel.findOneByMobile(request.mobile);
  if (user === undefined) throw userNotFound();
  await checkPassword(context, call, { user, ...request });
  if (context.passwords.isOutdated(user.password)) {
    const password = await context.passwords.hash(call, request.password);
    await context.userModel.update(user.id, { password }, { expect: { password: user.password } });
  }
  const { id, name, gender, mobile, role, notBefore } = user;
  return { id, name, gender, mobile, role, ...(notBefore > 0 && { notBefore }) };
}
