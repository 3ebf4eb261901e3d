import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { ServiceContext } from "../../context.ts";
import type { Empty, Order } from "../../gen/more.ts";

export async function importLogic(
  _context: ServiceContext,
  _call: Call,
  _requests: AsyncIterable<Order>,
): Promise<Empty> {
  throw new AppError("UNIMPLEMENTED", "UNIMPLEMENTED", "import is not implemented");
}
