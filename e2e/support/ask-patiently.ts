import { randomUUID } from "node:crypto";
import { AppError } from "@mall/kit/errors";

/** Between two attempts, milliseconds; the processor is for the mall. */
const PAUSE_MS = 50;
/** Attempts after which somebody who is told of an outage each time gives up. */
const ATTEMPTS_MAX = 400;

/** What a client is told, or not told, while a part of the mall is down. */
const OUTAGE: ReadonlySet<string> = new Set(["UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED"]);

/** Whether asking again may help. */
export function isOutage({ code, reason }: AppError): boolean {
  return OUTAGE.has(code) || reason === "IDEMPOTENCY_IN_FLIGHT";
}

/**
 * Asks under one key until there is an answer, through whatever outage.
 *
 * @throws AppError that the mall refused with, or the last outage of very many
 */
export async function askPatiently<T>(
  request: (options: { idempotencyKey: string }) => Promise<T>,
): Promise<T> {
  const idempotencyKey = randomUUID();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await request({ idempotencyKey });
    } catch (error) {
      if (!(error instanceof AppError) || !isOutage(error) || attempt === ATTEMPTS_MAX) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
