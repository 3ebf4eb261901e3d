import { ROLE } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import { invalidArgument } from "@mall/kit/errors";
import type { Transaction } from "@mall/kit/store";
import { setRole } from "../../model/set-role.ts";
import { actOnUser } from "../act-on-user.ts";
import type { ServiceContext } from "../context.ts";
import { lastAdmin, userChanged, userNotFound } from "../errors.ts";
import type { RoleRequest, RoleResponse } from "../gen/user.ts";

/** Roles that a user may have; the gateway's is a token's alone. */
const GIVEN: readonly number[] = [ROLE.customer, ROLE.staff, ROLE.admin];
/** Of the other admins so many are looked at, the oldest first, for one who stays. */
const ADMINS_MAX = 100;

/**
 * Gives a user a role. Where that takes rights away, tokens that were made with them are refused from the next second
 * on. One admin always stays.
 *
 * @throws AppError INVALID_ARGUMENT naming `role`; NOT_FOUND USER_NOT_FOUND; FAILED_PRECONDITION LAST_ADMIN; ABORTED
 * USER_CHANGED.
 */
export async function role(context: ServiceContext, call: Call, request: RoleRequest): Promise<RoleResponse> {
  if (!GIVEN.includes(request.role)) {
    throw invalidArgument("role", "must be 0 (customer), 1 (staff) or 2 (admin)");
  }
  return context.idempotency.once<RoleResponse>(call, request, (commit) =>
    commit.transaction(async (tx) => {
      const act = { tx, id: request.id };
      return { answer: { notBefore: await actOnUser(context, call, act, () => give(context, tx, request)) } };
    }),
  );
}

async function give(
  { userModel, roleGuard, runtime }: ServiceContext,
  tx: Transaction,
  { id, role: given }: RoleRequest,
): Promise<number> {
  const user = await userModel.lockOne(id, tx);
  if (user === undefined) throw userNotFound();
  if (user.role === given) return user.notBefore;
  if (user.role === ROLE.admin) {
    await roleGuard.enter(tx, ROLE.admin, userChanged);
    await demandOtherAdmin(userModel, tx, id);
  }
  const notBefore = await setRole(userModel, user, given, { now: runtime.now(), tx });
  if (notBefore === undefined) throw userChanged();
  return notBefore;
}

/** One who stays is locked until the end, so that of two admins who take each other's role one stays; see RoleGuard. */
async function demandOtherAdmin(
  userModel: ServiceContext["userModel"],
  tx: Transaction,
  id: number,
): Promise<void> {
  const others = await userModel.findMany(
    (query) => query.where("role", "=", ROLE.admin).where("id", "!=", id).orderBy("id").limit(ADMINS_MAX),
    tx,
  );
  for (const other of others) {
    if ((await userModel.lockOne(other.id, tx))?.role === ROLE.admin) return;
  }
  throw lastAdmin();
}
