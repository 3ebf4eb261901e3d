import type { Call } from "@mall/kit/call";
import type { RawAnswer, RawRequest } from "@mall/kit/rest";
import type { ServiceContext } from "../context.ts";

/** Never part of what a channel signs, and nothing to keep where it was sent by mistake. */
const CREDENTIALS: ReadonlySet<string> = new Set(["authorization", "cookie", "proxy-authorization"]);

/** For payment channels, who prove themselves by what they sign; answered in the channel's own words. */
export async function notify(
  context: ServiceContext,
  call: Call,
  { params, headers, body }: RawRequest,
): Promise<RawAnswer> {
  const told = Object.entries(headers).filter(([name]) => !CREDENTIALS.has(name));
  return context.payRpc.notify(call, {
    channel: params.channel ?? "",
    headers: told.map(([name, value]) => ({ name, value })),
    body,
  });
}
