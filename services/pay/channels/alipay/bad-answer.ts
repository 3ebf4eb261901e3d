import { AppError } from "@mall/kit/errors";

/** The answer is not Alipay's, or not to this request. `why` goes to the log and must not quote the answer. */
export function badAnswer(why: string, cause?: unknown): AppError {
  return new AppError("UNKNOWN", "BAD_ANSWER", `Alipay's answer cannot be used: ${why}`, { cause });
}
