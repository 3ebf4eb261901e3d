import type { Call } from "@mall/kit/context";
import { invalidArgument } from "@mall/kit/errors";
import type { ServiceContext } from "../context.ts";
import type { ListRequest, ListResponse } from "../gen/pay.ts";
import { toDetail } from "../to-detail.ts";

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 500;

/** A page of payments, of a user or in a state where that is asked for, newest first. */
export async function list(
  context: ServiceContext,
  _call: Call,
  request: ListRequest,
): Promise<ListResponse> {
  const { uid, status, before } = request;
  const limit = request.limit === 0 ? LIMIT_DEFAULT : request.limit;
  if (limit < 1 || limit > LIMIT_MAX) throw invalidArgument("limit", `must be between 1 and ${LIMIT_MAX}`);
  const pays = await context.payModel.findPage({ uid, status, before, limit });
  return { data: pays.map(toDetail) };
}
