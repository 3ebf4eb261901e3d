import type { Call } from "@mall/kit/context";
import type { UserRow } from "../../model/user-model.ts";
import type { ServiceContext } from "../context.ts";
import { loginLimited, userNotFound, wrongPassword } from "../errors.ts";
import type { LoginRequest, LoginResponse } from "../gen/user.ts";

/** Checks mobile and password; a good login replaces a hash of the seed's form. */
export async function login(
  context: ServiceContext,
  call: Call,
  request: LoginRequest,
): Promise<LoginResponse> {
  const user = await context.userModel.findOneByMobile(request.mobile);
  if (user === undefined) throw userNotFound();
  const wait = await context.loginGuard.take(request);
  if (wait > 0) throw loginLimited(wait);
  if (!(await isRight(context, call, { user, request }))) throw wrongPassword();
  context.loginGuard.clear(request);
  if (context.passwords.isOutdated(user.password)) {
    const password = await context.passwords.hash(call, request.password);
    await context.userModel.update(user.id, { password }, { expect: { password: user.password } });
  }
  return { id: user.id, name: user.name, gender: user.gender, mobile: user.mobile, role: user.role };
}

async function isRight(
  { passwords, loginGuard }: ServiceContext,
  call: Call,
  { user, request }: { user: UserRow; request: LoginRequest },
): Promise<boolean> {
  try {
    return await passwords.matches(call, request.password, user.password);
  } catch (error) {
    // Nobody looked at the password, so it was no guess.
    loginGuard.giveBack(request);
    throw error;
  }
}
