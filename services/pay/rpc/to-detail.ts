import { unixSeconds } from "@mall/kit/runtime";
import type { PayRow } from "../model/pay-model.ts";
import type { DetailResponse } from "./gen/pay.ts";

/** A payment as the contract tells it; times in Unix seconds, 0 for none. */
export function toDetail(pay: PayRow): DetailResponse {
  const {
    createTime: _created,
    updateTime: _updated,
    attempts: _attempts,
    expireTime,
    paidTime,
    ...told
  } = pay;
  return { ...told, expireTime: unixSeconds(expireTime), paidTime: unixSeconds(paidTime) };
}
