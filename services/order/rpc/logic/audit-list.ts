import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { AuditListRequest, AuditListResponse } from "../gen/order.ts";

/** What staff and operators did about rows of this service. */
export function auditList(
  { acts }: Pick<ServiceContext, "acts">,
  _call: Call,
  request: AuditListRequest,
): Promise<AuditListResponse> {
  return acts.list(request);
}
