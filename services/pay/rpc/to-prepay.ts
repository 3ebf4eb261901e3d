import type { PayAttempt } from "../model/pay-attempt-model.ts";
import type { PrepayResponse } from "./gen/pay.ts";
import { unixSeconds } from "./times.ts";

/** An open attempt as whoever pays is told of it. */
export function toPrepay({ outTradeNo, channel, credential, expireTime }: PayAttempt): PrepayResponse {
  return { outTradeNo, channel, credential: credential ?? "", expireTime: unixSeconds(expireTime) };
}
