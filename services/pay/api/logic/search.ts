import { ROLE, requireRole } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { ServiceContext } from "../context.ts";
import type { SearchRequest, SearchResponse } from "../gen/types.ts";

/**
 * Payments by any number that a person may hold, and by filters.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for anybody but staff; INVALID_ARGUMENT as the rpc's search.
 */
export async function search(
  { payRpc }: ServiceContext,
  call: Call,
  { text = "", channel = "", before = 0, limit = 0, ...filters }: SearchRequest,
): Promise<SearchResponse> {
  requireRole(call, ROLE.staff, ROLE.admin);
  const { payments, next } = await payRpc.search(call, { ...filters, text, channel, before, limit });
  return {
    payments: payments.map(({ payment, ...found }) => {
      if (payment === undefined)
        throw new AppError("INTERNAL", "SEARCH_WITHOUT_PAYMENT", "the pay rpc told no payment");
      return { payment, ...found };
    }),
    next,
  };
}
