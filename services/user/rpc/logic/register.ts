import { type Call, ROLE } from "@mall/kit/context";
import { invalidArgument } from "@mall/kit/errors";
import { DuplicateKeyError } from "@mall/kit/store";
import type { ServiceContext } from "../context.ts";
import { registerLimited, userExists } from "../errors.ts";
import type { RegisterRequest, RegisterResponse } from "../gen/user.ts";

const MOBILE = /^\+?[0-9]{5,20}$/;
const PASSWORD_LENGTH_MIN = 6;
/** scrypt takes any length; the limit keeps one request from hashing a book. */
const PASSWORD_LENGTH_MAX = 128;

/** Makes an account. The unique index decides between two registrations of one mobile. */
export async function register(
  context: ServiceContext,
  call: Call,
  request: RegisterRequest,
): Promise<RegisterResponse> {
  const { name, gender, mobile } = request;
  checkRequest(request);
  const wait = context.registerLimiter.take(mobile);
  if (wait > 0) throw registerLimited(wait);
  return context.registerTurns.run(mobile, async () => {
    if ((await context.userModel.findOneByMobile(mobile)) !== undefined) throw userExists();
    const password = await context.passwords.hash(call, request.password);
    const id = await insertUser(context, { name, gender, mobile, password });
    return { id, name, gender, mobile };
  });
}

function checkRequest({ mobile, password }: RegisterRequest): void {
  if (!MOBILE.test(mobile))
    throw invalidArgument("mobile", "must be 5 to 20 digits, with an optional leading +");
  const length = [...password].length;
  if (length < PASSWORD_LENGTH_MIN || length > PASSWORD_LENGTH_MAX) {
    throw invalidArgument(
      "password",
      `must have ${PASSWORD_LENGTH_MIN} to ${PASSWORD_LENGTH_MAX} characters`,
    );
  }
}

async function insertUser(
  context: ServiceContext,
  row: { name: string; gender: number; mobile: string; password: string },
): Promise<number> {
  try {
    return context.firstUserIsAdmin
      ? await context.userModel.insertFirstAs(ROLE.admin, row)
      : await context.userModel.insert(row);
  } catch (error) {
    if (error instanceof DuplicateKeyError) throw userExists();
    throw error;
  }
}
