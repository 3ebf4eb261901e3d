import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { ServiceContext } from "../../context.ts";
import type { Order, Page } from "../../gen/more.ts";

export async function list(
  _context: ServiceContext,
  _call: Call,
  _request: Page,
): Promise<Order> {
  throw new AppError("UNIMPLEMENTED", "UNIMPLEMENTED", "list is not implemented");
}
