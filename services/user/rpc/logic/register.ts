import { ROLE } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import { invalidArgument } from "@mall/kit/errors";
import { type Commit, type Committed, idempotencyKeyReused } from "@mall/kit/idempotency";
import { refuseDuplicate, type Transaction } from "@mall/kit/store";
import type { ServiceContext } from "../context.ts";
import { registerLimited, userExists } from "../errors.ts";
import type { RegisterRequest, RegisterResponse } from "../gen/user.ts";
import { checkNewPassword } from "../passwords.ts";

const MOBILE = /^\+?[0-9]{5,20}$/;

/** Makes an account. The unique index decides between two registrations of one mobile. */
export async function register(
  context: ServiceContext,
  call: Call,
  request: RegisterRequest,
): Promise<RegisterResponse> {
  const { name, gender, mobile } = request;
  checkRequest(request);
  const { waitSeconds } = await context.registerGuard.take({ account: mobile, address: request.address });
  if (waitSeconds > 0) throw registerLimited(waitSeconds);
  return context.idempotency.once<RegisterResponse>(
    call,
    { name, gender, mobile },
    (commit) => context.registerTurns.run(mobile, () => registerOnce(context, call, { request, commit })),
    ({ id }) => refuseOtherPassword(context, call, { request, id }),
  );
}

async function registerOnce(
  context: ServiceContext,
  call: Call,
  { request, commit }: { request: RegisterRequest; commit: Commit<RegisterResponse> },
): Promise<Committed<RegisterResponse>> {
  const { name, gender, mobile } = request;
  if ((await context.userModel.findOneByMobile(mobile)) !== undefined) throw userExists();
  const password = await context.passwords.hash(call, request.password);
  return commit.statement(async (tx) => {
    const id = await insertUser(context, { name, gender, mobile, password }, tx);
    return { answer: { id, name, gender, mobile } };
  });
}

/** A password is not kept with a key, not even its hash, which would be a fast one; the account's own tells as much. */
async function refuseOtherPassword(
  { userModel, passwords }: ServiceContext,
  call: Call,
  { request, id }: { request: RegisterRequest; id: number },
): Promise<void> {
  const user = await userModel.findOne(id);
  if (user === undefined || (await passwords.matches(call, request.password, user.password))) return;
  throw idempotencyKeyReused();
}

function checkRequest({ mobile, password }: RegisterRequest): void {
  if (!MOBILE.test(mobile))
    throw invalidArgument("mobile", "must be 5 to 20 digits, with an optional leading +");
  checkNewPassword("password", password);
}

function insertUser(
  { firstUserIsAdmin, userModel }: ServiceContext,
  row: { name: string; gender: number; mobile: string; password: string },
  tx: Transaction | undefined,
): Promise<number> {
  const inserted = firstUserIsAdmin
    ? userModel.insertFirstAs(ROLE.admin, row, tx)
    : userModel.insert(row, tx);
  return refuseDuplicate(inserted, userExists);
}
