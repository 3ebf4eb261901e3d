import type { Identity } from "@mall/kit/context";
import type { Outcome } from "../world/index.ts";
import type { ActionContext } from "./action.ts";

/** A request of somebody who may ask again where nobody answers. */
export interface Question {
  readonly route: string;
  readonly body: object;
  /** The customer's own by default. */
  readonly identity?: Identity;
  /** How often it is asked at most; once by default. */
  readonly attempts?: number;
}

/** Asks, and asks again after a while where nobody answers. */
export async function ask<T>(context: ActionContext, question: Question): Promise<Outcome<T>> {
  const { route, body, identity = context.customer.identity, attempts = 1 } = question;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await context.edge.call<T>({ from: context.id, route, identity, body });
    if (outcome.kind !== "unknown" || attempt >= attempts) return outcome;
    await context.pause(context.random.int(50, 2_000));
  }
}
