import { AppError } from "@mall/kit/errors";

/** The header that the errors are about. */
const FIELD = "Idempotency-Key";
const RETRY_AFTER_SECONDS = 1;

/** The reason of who asks for the answer of a key that has none. */
export const IDEMPOTENCY_KEY_UNUSED = "IDEMPOTENCY_KEY_UNUSED";

/** The key was used for another request; over HTTP it answers 422. */
export function idempotencyKeyReused(): AppError {
  return new AppError("FAILED_PRECONDITION", "IDEMPOTENCY_KEY_REUSED", "该幂等键已用于其他请求", {
    field: FIELD,
  });
}

/** The first request with the key has no answer yet. */
export function idempotencyInFlight(): AppError {
  return new AppError("ABORTED", "IDEMPOTENCY_IN_FLIGHT", "相同的请求正在处理，请稍后重试", {
    field: FIELD,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

/** Nothing was done under the key; for who asked for its answer only. */
export function idempotencyKeyUnused(): AppError {
  return new AppError("NOT_FOUND", IDEMPOTENCY_KEY_UNUSED, "该幂等键未曾使用", { field: FIELD });
}
