import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { MiddlewareRequest, Next } from "@mall/kit/rest";
import type { ServiceContext } from "../context.ts";

/** Notes that it ran; refuses who asks for it. */
export async function checkTwice(
  context: ServiceContext,
  call: Call,
  request: MiddlewareRequest,
  next: Next,
): Promise<unknown> {
  context.seen.push("checkTwice");
  if (request.headers["x-refuse"] === "checkTwice") throw new AppError("PERMISSION_DENIED", "REFUSED", "refused");
  const answer = await next(call);
  context.seen.push("checkTwice after");
  return answer;
}
