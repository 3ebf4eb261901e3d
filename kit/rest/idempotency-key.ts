import { ROLE } from "@mall/kit/auth";
import { type IdempotencyKey, isIdempotencyKey } from "@mall/kit/call";
import { invalidArgument } from "@mall/kit/errors";
import { clientKey } from "@mall/kit/resilience";
import type { FastifyRequest } from "fastify";
import type { ClientAddress } from "./client-address.ts";

const HEADER = "idempotency-key";
/** The header's name as people write it. */
const FIELD = "Idempotency-Key";

/**
 * The key that a request was sent with; undefined without one. It is the caller's own, and where a route needs no
 * token, the client address's.
 *
 * @throws AppError INVALID_ARGUMENT for a key that cannot be taken.
 */
export function readIdempotencyKey(
  request: FastifyRequest,
  clientAddress: ClientAddress,
): IdempotencyKey | undefined {
  const value = request.headers[HEADER];
  if (value === undefined) return undefined;
  // Several headers of one name arrive joined by commas, which are letters of a key like any other.
  if ((request.raw.headersDistinct[HEADER]?.length ?? 0) > 1)
    throw invalidArgument(FIELD, "must be sent once");
  const idempotency = { key: String(value), owner: ownerOf(request, clientAddress) };
  if (!isIdempotencyKey(idempotency)) {
    throw invalidArgument(FIELD, "must be 1 to 255 printable ASCII characters");
  }
  return idempotency;
}

function ownerOf({ identity, raw }: FastifyRequest, clientAddress: ClientAddress): string {
  if (identity === undefined) return `address:${clientKey(clientAddress(raw))}`;
  // A gateway is nobody's account, whatever its number.
  return `${identity.role === ROLE.gateway ? "gateway" : "user"}:${identity.uid}`;
}
