import { isOrUnder } from "@mall/kit/store";

/** Stands between a kind of jobs and whose places they have: `pay.refund@alipay` are the refunds of one account. */
export const LANE_MARK = "@";

/** Whether a row is a job of this kind, in whosever places. */
export function ofKind(kind: string): ReturnType<typeof isOrUnder> {
  return isOrUnder("kind", kind, LANE_MARK);
}
