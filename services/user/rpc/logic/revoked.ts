import type { Call } from "@mall/kit/call";
import { invalidArgument } from "@mall/kit/errors";
import type { ServiceContext } from "../context.ts";
import type { RevokedRequest, RevokedResponse } from "../gen/user.ts";

const LIMIT_MAX = 1000;

/** Whose tokens are refused from which second on, as the database has it. */
export async function revoked(
  { userModel }: Pick<ServiceContext, "userModel">,
  _call: Call,
  { since, after, limit }: RevokedRequest,
): Promise<RevokedResponse> {
  if (limit < 1 || limit > LIMIT_MAX) throw invalidArgument("limit", `must be between 1 and ${LIMIT_MAX}`);
  const rows = await userModel.findRevoked({ since: Math.max(1, since), after, limit });
  return { data: rows.map(({ id, notBefore }) => ({ id, notBefore })) };
}
