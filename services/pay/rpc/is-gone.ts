import type { AppError } from "@mall/kit/errors";

/** Whether a neighbour says that what was asked for is not there; a Go peer has no other refusal for questions. */
export function isGone({ code, reason }: AppError): boolean {
  return code === "NOT_FOUND" || reason === "PEER_REFUSED";
}
