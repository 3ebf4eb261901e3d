import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { ServiceContext } from "../../context.ts";

/** forgets one */
export async function remove(_context: ServiceContext, _call: Call): Promise<void> {
  throw new AppError("UNIMPLEMENTED", "UNIMPLEMENTED", "remove is not implemented");
}
