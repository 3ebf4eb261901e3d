import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { ServiceContext } from "../context.ts";
import type { Empty } from "../gen/wide.ts";

export async function deleteLogic(
  _context: ServiceContext,
  _call: Call,
  _request: Empty,
): Promise<Empty> {
  throw new AppError("UNIMPLEMENTED", "UNIMPLEMENTED", "delete is not implemented");
}
