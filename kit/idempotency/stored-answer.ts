import { AppError, type Code } from "@mall/kit/errors";

/** How a request ended: its answer, or the error that it was refused with. */
export type Answer<Res> = { readonly ok: Res } | { readonly error: AppError };

interface StoredError {
  readonly code: Code;
  readonly reason: string;
  readonly message: string;
  readonly field?: string;
  readonly retryAfterSeconds?: number;
}

/** An answer as the table keeps it; of an error, what its caller saw. */
export function storeAnswer(answer: Answer<unknown>): string {
  if ("ok" in answer) return JSON.stringify({ ok: answer.ok });
  const { code, reason, message, field, retryAfterSeconds } = answer.error;
  return JSON.stringify({ error: { code, reason, message, field, retryAfterSeconds } });
}

/** Gives a stored answer again: returns it, or throws the error that it was. */
export function replayAnswer<Res>(stored: string): Res {
  const answer = JSON.parse(stored) as { ok: Res } | { error: StoredError };
  if ("ok" in answer) return answer.ok;
  const { code, reason, message, ...options } = answer.error;
  throw new AppError(code, reason, message, options);
}
