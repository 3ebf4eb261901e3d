import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { MiddlewareRequest, Next } from "@mall/kit/rest";
import type { ServiceContext } from "../context.ts";

/** Notes that it ran; refuses who asks for it. */
export async function count(
  context: ServiceContext,
  call: Call,
  request: MiddlewareRequest,
  next: Next,
): Promise<unknown> {
  context.seen.push("count");
  if (request.headers["x-refuse"] === "count") throw new AppError("PERMISSION_DENIED", "REFUSED", "refused");
  const answer = await next(call);
  context.seen.push("count after");
  return answer;
}
