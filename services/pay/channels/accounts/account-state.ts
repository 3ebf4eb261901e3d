import { Call } from "@mall/kit/call";
import type { Runtime } from "@mall/kit/runtime";
import type { Answer, Channel, TradeState } from "../channel.ts";

/** How long a channel may take to answer, milliseconds. */
const ANSWER_MS_MAX = 5_000;
const DAY_MS = 24 * 3_600_000;
/** Time enough to have new keys made, and to bring them to every process. */
const KEYS_END_DAYS = 30;

/** Until when an account's keys last. */
export interface KeysEnd {
  readonly state: "valid" | "ending" | "ended";
  /** When the last key or certificate of a kind ends, milliseconds since 1970; undefined for never. */
  readonly endAt: number | undefined;
}

/** How long the keys of an account last at `now`, milliseconds since 1970: `ending` within 30 days. */
export function keysEndOf({ keysEndAt }: Pick<Channel, "keysEndAt">, now: number): KeysEnd {
  const endAt = keysEndAt?.();
  if (endAt === undefined) return { state: "valid", endAt };
  if (endAt <= now) return { state: "ended", endAt };
  const days = Math.floor((endAt - now) / DAY_MS);
  return { state: days < KEYS_END_DAYS ? "ending" : "valid", endAt };
}

/**
 * Asks a channel about a trade that is not there: whoever answers that with a signature knows the account and its
 * keys. It takes five seconds at most.
 */
export function askAccount(channel: Channel, runtime: Runtime): Promise<Answer<TradeState>> {
  const outTradeNo = `DOCTOR${Buffer.from(runtime.randomBytes(8)).toString("hex")}`;
  const now = runtime.now();
  const call = new Call({ deadline: now + ANSWER_MS_MAX });
  return channel.query(call, { outTradeNo, channelRef: "", beganAt: now });
}
