import type { Call } from "@mall/kit/call";
import { invalidArgument } from "@mall/kit/errors";
import type { ServiceContext } from "../context.ts";
import type { EndedSessionsRequest, EndedSessionsResponse } from "../gen/user.ts";

const LIMIT_MAX = 1000;

/** Which sessions of browsers are taken no more, as the database has it. */
export async function endedSessions(
  { endedSessionModel, runtime }: Pick<ServiceContext, "endedSessionModel" | "runtime">,
  _call: Call,
  { since, after, limit }: EndedSessionsRequest,
): Promise<EndedSessionsResponse> {
  if (limit < 1 || limit > LIMIT_MAX) throw invalidArgument("limit", `must be between 1 and ${LIMIT_MAX}`);
  const now = Math.floor(runtime.now() / 1000);
  return { data: await endedSessionModel.findEnded({ since, after, limit, now }) };
}
