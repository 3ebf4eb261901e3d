import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { ServiceContext } from "../../context.ts";
import type { MoreV1Call, Order } from "../../gen/more.ts";

export async function* ask(
  _context: ServiceContext,
  _call: Call,
  _requests: AsyncIterable<MoreV1Call>,
): AsyncGenerator<Order> {
  yield* []; // the answers, as they come
  throw new AppError("UNIMPLEMENTED", "UNIMPLEMENTED", "ask is not implemented");
}
