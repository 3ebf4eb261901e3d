import { AppError } from "@mall/kit/errors";

/** What `err.Error()` says in Go of an rpc that failed: whether the peer was away, or refused with a code of its own. */
export function goText(error: unknown): string {
  if (!(error instanceof AppError)) return String(error);
  return `rpc error: code = ${goCodeOf(error)} desc = ${error.message}`;
}

function goCodeOf({ code }: AppError): string {
  if (code === "UNAVAILABLE") return "Unavailable";
  return code === "DEADLINE_EXCEEDED" ? "DeadlineExceeded" : "Code(100)";
}
