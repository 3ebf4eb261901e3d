import { type Attachments, type Call, isIdempotencyKey } from "@mall/kit/context";
import { AppError } from "@mall/kit/errors";
import type { MethodDefinition } from "./service.ts";
import type { CallHeaders } from "./wire-request.ts";

const KEY = "mall-idempotency-key";
const OWNER = "mall-idempotency-owner";

/** What of a caller's attachments goes along with a call of `method`; a method without effects takes no key. */
export function attachmentsFor(method: MethodDefinition, caller: Call): Attachments | undefined {
  return method.idempotent === true ? undefined : caller.attachments;
}

/** The headers of a call with those of its attachments. */
export function withAttachments(headers: CallHeaders, attachments: Attachments | undefined): CallHeaders {
  const idempotency = attachments?.idempotency;
  if (idempotency === undefined) return headers;
  return [...headers, [KEY, idempotency.key], [OWNER, idempotency.owner]];
}

/**
 * The attachments that came with a call.
 *
 * @throws AppError INVALID_ARGUMENT naming the header that cannot be taken: to leave a key out would let its
 * request happen twice.
 */
export function readAttachments(
  method: MethodDefinition,
  header: (name: string) => string | undefined,
): Attachments | undefined {
  const key = method.idempotent === true ? undefined : header(KEY);
  if (key === undefined) return undefined;
  const idempotency = { key, owner: header(OWNER) ?? "" };
  if (isIdempotencyKey(idempotency)) return { idempotency };
  const text = `${KEY} and ${OWNER} must be printable ASCII, at most 255 and 64 characters, the key not empty`;
  throw new AppError("INVALID_ARGUMENT", "INVALID_FIELD", text, { field: KEY });
}
