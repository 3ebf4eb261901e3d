import type { SimCore } from "../core/sim-core.ts";
import type { SimLetter, SimRecord } from "../core/sim-store.ts";
import { API_VERSION, type StripeAccount } from "./account.ts";
import { stripeErrors } from "./errors.ts";
import { isThere, type StripeEvent, type StripeObject, type StripeObjects, told } from "./objects.ts";

const ID_DIGITS = 24;

/** The request that changes are made for; nulls where they come by themselves. */
export interface RequestMark {
  readonly id: string | null;
  readonly idempotency_key: string | null;
}

/** Where objects of a kind are kept. */
export function kindOf(object: keyof StripeObjects): string {
  return `stripe.${object}`;
}

/** What one request or payment reads and changes for an account, kept together with the events that tell of it. */
export class Unit {
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  readonly core: SimCore;
  readonly account: StripeAccount;
  readonly #mark: RequestMark;
  readonly #changed = new Map<string, StripeObject>();
  readonly #events: { readonly event: StripeEvent; readonly dueAt: number }[] = [];

  constructor(core: SimCore, account: StripeAccount, mark: RequestMark) {
    this.core = core;
    this.account = account;
    this.now = core.runtime.now();
    this.#mark = mark;
  }

  /** Seconds, as the API tells times. */
  get seconds(): number {
    return Math.floor(this.now / 1000);
  }

  newId(prefix: string): string {
    return `${prefix}_${this.core.hex(ID_DIGITS)}`;
  }

  /** The account's object, with what this unit has changed of it. */
  async find<Kind extends keyof StripeObjects>(
    kind: Kind,
    id: string,
  ): Promise<StripeObjects[Kind] | undefined> {
    const changed = this.#changed.get(id) as StripeObjects[Kind] | undefined;
    const found = changed ?? (await this.core.store.find<StripeObjects[Kind]>(kindOf(kind), id));
    return found?.sim.account === this.account.id && isThere(found, this.now) ? found : undefined;
  }

  /** @throws StripeError where there is none */
  async demand<Kind extends keyof StripeObjects>(
    kind: Kind,
    id: string,
    param?: string,
  ): Promise<StripeObjects[Kind]> {
    const found = await this.find(kind, id);
    if (found === undefined) throw stripeErrors.absent(kind, id, param);
    return found;
  }

  /** All of a kind that are the account's, the latest first. */
  async list<Kind extends keyof StripeObjects>(kind: Kind): Promise<readonly StripeObjects[Kind][]> {
    const all = await this.core.store.list<StripeObjects[Kind]>(kindOf(kind));
    return all.filter((one) => one.sim.account === this.account.id && isThere(one, this.now));
  }

  put<Changed extends StripeObject>(object: Changed): Changed {
    this.#changed.set(object.id, object);
    return object;
  }

  /** Tells of an object as it stands at `dueAt`, now by default. */
  emit(type: string, object: StripeObject, dueAt = this.now): void {
    const event: StripeEvent = {
      id: this.newId("evt"),
      object: "event",
      api_version: API_VERSION,
      created: Math.floor(dueAt / 1000),
      data: { object: told(object, dueAt) },
      livemode: false,
      pending_webhooks: 1,
      request: this.#mark,
      type,
      sim: { account: this.account.id },
    };
    this.#events.push({ event, dueAt });
  }

  /** Keeps what was changed and what tells of it, together with other records. */
  async commit(others: readonly SimRecord[] = []): Promise<void> {
    const endpoints = this.#events.length === 0 ? [] : await this.list("webhook_endpoint");
    const letters: SimLetter[] = this.#events.flatMap(({ event, dueAt }) =>
      endpoints
        .filter(({ enabled_events }) => enabled_events.some((name) => name === "*" || name === event.type))
        .map(({ id, url }) => ({
          id: `${event.id} ${id}`,
          channel: "stripe",
          account: id,
          outTradeNo: numberOf(event.data.object),
          url,
          message: JSON.stringify({ ...event, sim: undefined }),
          dueAt,
          attempts: 0,
        })),
    );
    const events: SimRecord[] = this.#events.map(({ event }) => recordOf(event));
    const records = [...[...this.#changed.values()].map(recordOf), ...events, ...others];
    await this.core.commit({ records, letters });
  }
}

function recordOf(object: StripeObject): SimRecord {
  return { kind: kindOf(object.object), id: object.id, value: object };
}

/** What an event is about: the PaymentIntent, or the Checkout Session. */
function numberOf(object: object): string {
  const { id, payment_intent } = object as { id?: string; payment_intent?: string | null };
  return id?.startsWith("cs_") ? id : (payment_intent ?? id ?? "");
}
