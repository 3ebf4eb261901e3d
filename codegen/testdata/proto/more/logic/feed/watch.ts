import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { ServiceContext } from "../../context.ts";
import type { Order, Page } from "../../gen/more.ts";

/** Tells of every order on a page, and of those that follow. */
export async function* watch(
  _context: ServiceContext,
  _call: Call,
  _request: Page,
): AsyncGenerator<Order> {
  yield* []; // the answers, as they come
  throw new AppError("UNIMPLEMENTED", "UNIMPLEMENTED", "watch is not implemented");
}
