import type { Identity } from "@mall/kit/call";
import type { Outcome } from "../world/index.ts";
import type { ActionContext } from "./action.ts";

/** A request of somebody who may ask again where nobody answers. */
export interface Question {
  readonly route: string;
  readonly body: object;
  /** The customer's own by default. */
  readonly identity?: Identity;
  /** The idempotency key of all attempts. */
  readonly key?: string | undefined;
  /** How often it is asked at most; once by default. */
  readonly attempts?: number;
}

/** Asks, and asks again after a while where nobody answers. */
export async function ask<T>(context: ActionContext, question: Question): Promise<Outcome<T>> {
  const { account, edge, random, customer } = context;
  const { route, body, key, identity = customer.identity, attempts = 1 } = question;
  for (let attempt = 1; ; attempt += 1) {
    const name = `${identity.uid}/${key}`;
    if (key !== undefined) account.useKey(name, route, body);
    const wasAnswered = account.isAnswered(name);
    const heard = account.freshness.send({ route, body, uid: identity.uid, key });
    const outcome = await edge.call<T>({ from: context.id, route, identity, body, key });
    heard(outcome);
    if (key !== undefined) account.compareKeyed(name, { route, body, wasAnswered }, outcome);
    if (!isOpen(outcome) || attempt >= attempts) return outcome;
    await context.pause(random.int(50, 2_000));
  }
}

/** Whether it is worth asking again. */
function isOpen(outcome: Outcome<unknown>): boolean {
  return (
    outcome.kind === "unknown" || (outcome.kind === "no" && outcome.error.reason === "IDEMPOTENCY_IN_FLIGHT")
  );
}
