import { AppError } from "@mall/kit/errors";

/** What `err.Error()` says in Go of an rpc that failed: whether the peer was away, or refused with a code of its own. */
export function goText(error: unknown): string {
  if (!(error instanceof AppError)) return String(error);
  const code = error.code === "UNAVAILABLE" ? "Unavailable" : "Code(100)";
  return `rpc error: code = ${code} desc = ${error.message}`;
}
