import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { ServiceContext } from "../../context.ts";
import type { AdminListReq } from "../../gen/types.ts";

export async function list(_context: ServiceContext, _call: Call, _request: AdminListReq): Promise<void> {
  throw new AppError("UNIMPLEMENTED", "UNIMPLEMENTED", "list is not implemented");
}
