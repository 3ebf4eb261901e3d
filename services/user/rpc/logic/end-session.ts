import type { Call } from "@mall/kit/call";
import { invalidArgument } from "@mall/kit/errors";
import type { ServiceContext } from "../context.ts";
import type { EndSessionRequest, EndSessionResponse } from "../gen/user.ts";

const SESSION_LENGTH_MAX = 64;

/**
 * Writes down that a browser's session was signed out of. One that is over by itself leaves nothing.
 *
 * @throws AppError INVALID_ARGUMENT naming `session`.
 */
export async function endSession(
  { endedSessionModel, runtime }: Pick<ServiceContext, "endedSessionModel" | "runtime">,
  _call: Call,
  { session, until }: EndSessionRequest,
): Promise<EndSessionResponse> {
  if (session.length < 1 || session.length > SESSION_LENGTH_MAX)
    throw invalidArgument("session", `must be 1 to ${SESSION_LENGTH_MAX} characters long`);
  const ended = Math.floor(runtime.now() / 1000);
  if (until > ended) await endedSessionModel.add({ session, ended, until });
  return {};
}
