import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { ServiceContext } from "../context.ts";
import type { Tree } from "../gen/wide.ts";

export async function callLogic(
  _context: ServiceContext,
  _call: Call,
  _request: Tree,
): Promise<Tree> {
  throw new AppError("UNIMPLEMENTED", "UNIMPLEMENTED", "call is not implemented");
}
