import assert from "node:assert/strict";
import { AppError } from "@mall/kit/errors";

/** The reason a call was refused for; fails where it was not refused. */
export async function reasonOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof AppError, `expected a refusal, got ${String(error)}`);
  return error.reason;
}

/** How many of the calls answered, and the reasons of those that did not. */
export async function countOutcomes(calls: readonly Promise<unknown>[]) {
  const outcomes = await Promise.allSettled(calls);
  const refused = outcomes.filter((outcome) => outcome.status === "rejected");
  const reasons = new Set(
    refused.map(({ reason }) => (reason instanceof AppError ? reason.reason : String(reason))),
  );
  return { answered: outcomes.length - refused.length, refused: refused.length, reasons: [...reasons] };
}
