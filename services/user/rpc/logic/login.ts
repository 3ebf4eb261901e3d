import type { Call } from "@mall/kit/context";
import type { ServiceContext } from "../context.ts";
import { loginLimited, userNotFound, wrongPassword } from "../errors.ts";
import type { LoginRequest, LoginResponse } from "../gen/user.ts";

/** Checks mobile and password; a good login replaces a hash of the seed's form. */
export async function login(
  context: ServiceContext,
  _call: Call,
  request: LoginRequest,
): Promise<LoginResponse> {
  const user = await context.userModel.findOneByMobile(request.mobile);
  if (user === undefined) throw userNotFound();
  if (!context.loginLimiter.take(request.mobile)) throw loginLimited();
  if (!(await context.passwords.matches(request.password, user.password))) throw wrongPassword();
  context.loginLimiter.clear(request.mobile);
  if (context.passwords.isOutdated(user.password)) {
    const password = await context.passwords.hash(request.password);
    await context.userModel.update(user.id, { password }, { expect: { password: user.password } });
  }
  return { id: user.id, name: user.name, gender: user.gender, mobile: user.mobile, role: user.role };
}
