import type { Call } from "@mall/kit/call";
import { invalidArgument } from "@mall/kit/errors";
import { readAttention } from "../../attention/attention.ts";
import type { ServiceContext } from "../context.ts";
import type { AttentionRequest, AttentionResponse } from "../gen/pay.ts";

const LIMIT_DEFAULT = 10;
const LIMIT_MAX = 100;

/** What needs a person; see readAttention. */
export async function attention(
  context: ServiceContext,
  _call: Call,
  { kind, limit }: AttentionRequest,
): Promise<AttentionResponse> {
  if (limit < 0 || limit > LIMIT_MAX) throw invalidArgument("limit", `must be between 1 and ${LIMIT_MAX}`);
  const asked = { kind: kind || undefined, limit: limit || LIMIT_DEFAULT };
  const kinds = await readAttention(context, asked);
  return { kinds, now: Math.floor(context.runtime.now() / 1000) };
}
