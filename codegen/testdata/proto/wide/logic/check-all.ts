import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { ServiceContext } from "../context.ts";
import type { Labels, Tree } from "../gen/wide.ts";

/** Checks everything. */
export async function checkAll(
  _context: ServiceContext,
  _call: Call,
  _request: Labels,
): Promise<Tree> {
  throw new AppError("UNIMPLEMENTED", "UNIMPLEMENTED", "checkAll is not implemented");
}
