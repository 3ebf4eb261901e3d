import type { SimCore } from "../core/sim-core.ts";
import type { SimRecord } from "../core/sim-store.ts";
import { stripeErrors } from "./errors.ts";
import type { Said } from "./said.ts";

const KIND = "stripe.idempotency";
const KEY_LENGTH_MAX = 255;

/** What a key stands for. */
interface Stored {
  /** Of the request: method, path and parameters. */
  readonly request: string;
  readonly said: Said;
}

/** The record of what a key was answered. */
export type Keep = (said: Said) => readonly SimRecord[];

/** Answers to repeated requests, by key and account. */
export class IdempotentAnswers {
  readonly #core: SimCore;
  readonly #underway = new Set<string>();

  constructor(core: SimCore) {
    this.#core = core;
  }

  /**
   * The answer that was given under a key before, else what `carryOut` gives: it keeps the record of that together with
   * what the request changes, so that no crash leaves the one without the other, and keeps none if nothing was begun.
   *
   * @throws StripeError for a key of other parameters, and for a twin in flight
   */
  async answer(id: string, request: string, carryOut: (keep: Keep) => Promise<Said>): Promise<Said> {
    if (id.length > KEY_LENGTH_MAX + id.indexOf(" ") + 1) {
      throw stripeErrors.parameter("Idempotency-Key", "must be 255 characters or less");
    }
    if (this.#underway.has(id)) throw stripeErrors.inFlight();
    this.#underway.add(id);
    try {
      const known = await this.#core.store.find<Stored>(KIND, id);
      if (known !== undefined) return replay(known, request);
      return await carryOut((said) => [{ kind: KIND, id, value: { request, said } }]);
    } finally {
      this.#underway.delete(id);
    }
  }
}

function replay({ request: first, said }: Stored, request: string): Said {
  if (first !== request) throw stripeErrors.otherParameters();
  return { ...said, headers: { ...said.headers, "Idempotent-Replayed": "true" } };
}
