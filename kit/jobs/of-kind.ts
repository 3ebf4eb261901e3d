import { isOrUnder } from "@mall/kit/store";

/** Whether a row is a job of this kind: also in a place of its own, as `pay.refund@alipay` is `pay.refund`. */
export function ofKind(kind: string): ReturnType<typeof isOrUnder> {
  return isOrUnder("kind", kind, "@");
}
