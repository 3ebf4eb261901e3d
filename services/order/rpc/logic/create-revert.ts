import type { Call } from "@mall/kit/context";
import type { ServiceContext } from "../context.ts";
import { branchRequired } from "../errors.ts";
import type { CreateRequest, CreateResponse } from "../gen/order.ts";

/** Cancels exactly the order that the same saga's Create wrote. */
export async function createRevert(
  _context: ServiceContext,
  _call: Call,
  _request: CreateRequest,
): Promise<CreateResponse> {
  throw branchRequired();
}
