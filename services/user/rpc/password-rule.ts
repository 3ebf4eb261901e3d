import { invalidArgument } from "@mall/kit/errors";

const LENGTH_MIN = 6;
/** scrypt takes any length; the limit keeps one request from hashing a book. */
const LENGTH_MAX = 128;

/** @throws AppError INVALID_ARGUMENT naming the field, where a new password is too short or too long. */
export function checkNewPassword(field: string, password: string): void {
  const length = [...password].length;
  if (length < LENGTH_MIN || length > LENGTH_MAX)
    throw invalidArgument(field, `must have ${LENGTH_MIN} to ${LENGTH_MAX} characters`);
}
