import { AppError } from "@mall/kit/errors";

/** What came is not Alipay's word on what was asked. `why` is for the log, and holds nothing of the answer. */
export function badAnswer(why: string, cause?: unknown): AppError {
  return new AppError("UNKNOWN", "BAD_ANSWER", `Alipay's answer cannot be used: ${why}`, { cause });
}
