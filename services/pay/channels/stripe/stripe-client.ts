import { backoffMs, pause } from "@mall/kit/async";
import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { HttpAnswer, HttpRequest, HttpTransport } from "@mall/kit/http";
import type { Runtime } from "@mall/kit/runtime";
import type { z } from "zod";
import type { LiveKeys } from "../accounts/live-keys.ts";
import { activeKey } from "../accounts/valid-keys.ts";
import type { Answer } from "../channel.ts";
import { readJson } from "../read-json.ts";
import { isLive, type StripeKeys } from "./config.ts";
import { encodeForm, type FormFields } from "./form.ts";
import { errorObject } from "./objects.ts";

/** What answers look like; objects.ts reads those of this version. */
const API_VERSION = "2026-10-28.endive";
/** How long Stripe may take to answer once, milliseconds, where the call leaves that much. */
const TIMEOUT_MS = 8_000;
/** Sends after the first. */
const REPEATS_MAX = 2;
const PAUSE = { firstMs: 500, lastMs: 1_000 };

/** What a POST made: as Stripe says it now, or as it said it when the same key came before, which may be long ago. */
export interface Posted<T> {
  readonly object: T;
  readonly isReplay: boolean;
}

interface Posting {
  readonly form: FormFields;
  /** Idempotency key: Stripe keeps the first answer to it for 24 hours, and refuses it with another form. */
  readonly key: string;
}

/** Asks Stripe for one account; whatever keeps an answer of Stripe's own from arriving makes the outcome unknown. */
export class StripeClient {
  readonly #gateway: string;
  readonly #keys: LiveKeys<StripeKeys>;
  readonly #runtime: Runtime;
  readonly #http: HttpTransport;

  constructor(
    account: { readonly gateway: string; readonly keys: LiveKeys<StripeKeys> },
    outside: { readonly runtime: Runtime; readonly http: HttpTransport },
  ) {
    this.#gateway = account.gateway;
    this.#keys = account.keys;
    this.#runtime = outside.runtime;
    this.#http = outside.http;
  }

  /** Whether its keys move money. */
  get isLive(): boolean {
    return this.#keys.current().SecretKeys.some(({ Key }) => isLive(Key));
  }

  async get<T>(call: Call, path: string, query: FormFields, schema: z.ZodType<T>): Promise<Answer<T>> {
    try {
      const text = encodeForm(query);
      const url = `${this.#gateway}${path}${text === "" ? "" : `?${text}`}`;
      return readAnswer(await this.#exchange(call, { method: "GET", url, headers: this.#headers() }), schema);
    } catch (cause) {
      return { kind: "unknown", cause };
    }
  }

  async post<T>(
    call: Call,
    path: string,
    { form, key }: Posting,
    schema: z.ZodType<T>,
  ): Promise<Answer<Posted<T>>> {
    try {
      const said = await this.#exchange(call, {
        method: "POST",
        url: `${this.#gateway}${path}`,
        headers: {
          ...this.#headers(),
          "content-type": "application/x-www-form-urlencoded",
          "idempotency-key": key,
        },
        body: Buffer.from(encodeForm(form)),
      });
      const answer = readAnswer(said, schema);
      if (answer.kind !== "yes") return answer;
      const isReplay = said.headers["idempotent-replayed"] === "true";
      return { kind: "yes", value: { object: answer.value, isReplay } };
    } catch (cause) {
      return { kind: "unknown", cause };
    }
  }

  #headers(): Record<string, string> {
    const key = activeKey(this.#keys.current().SecretKeys, this.#runtime.now());
    if (key === undefined) {
      throw new AppError("UNAVAILABLE", "CHANNEL_UNAVAILABLE", "no secret key of Stripe's is valid now");
    }
    return {
      authorization: `Bearer ${key.Key}`,
      accept: "application/json",
      "stripe-version": API_VERSION,
      "user-agent": "mall",
    };
  }

  /** The same bytes and key every time, so that Stripe does once what is sent again. */
  async #exchange(call: Call, request: HttpRequest): Promise<HttpAnswer> {
    for (let sends = 1; ; sends += 1) {
      const outcome = await this.#send(call, request);
      const pauseMs = backoffMs(this.#runtime, sends, PAUSE);
      const isLast = sends > REPEATS_MAX || this.#runtime.now() + pauseMs >= call.deadline;
      if (isLast || !isWorthRepeating(outcome)) {
        if ("failure" in outcome) throw outcome.failure;
        return outcome;
      }
      await pause(this.#runtime, pauseMs);
    }
  }

  async #send(call: Call, request: HttpRequest): Promise<HttpAnswer | { readonly failure: unknown }> {
    const timeoutMs = Math.min(TIMEOUT_MS, call.deadline - this.#runtime.now());
    try {
      return await this.#http.send(request, { timeoutMs });
    } catch (failure) {
      return { failure };
    }
  }
}

/** Stripe says itself where it knows; otherwise a twin in flight (409), a failure over there, or no answer. */
function isWorthRepeating(outcome: HttpAnswer | { readonly failure: unknown }): boolean {
  if ("failure" in outcome) {
    const { failure } = outcome;
    const isRefusedHere = failure instanceof AppError && failure.reason === "BREAKER_OPEN";
    return !isRefusedHere;
  }
  const said = outcome.headers["stripe-should-retry"];
  if (said === "true" || said === "false") return said === "true";
  return outcome.status === 409 || outcome.status >= 500;
}

/** Refusals of what was asked for; a key that is not taken, a limit and a twin say nothing of it. */
const REFUSALS: readonly number[] = [400, 402, 404];

function readAnswer<T>({ status, body }: HttpAnswer, schema: z.ZodType<T>): Answer<T> {
  if (status >= 200 && status < 300) return { kind: "yes", value: schema.parse(readJson(body)) };
  if (!REFUSALS.includes(status)) throw badAnswer(`it has status ${status}`);
  const { type, code, message } = errorObject.parse(readJson(body)).error;
  return { kind: "no", reason: (code ?? type).toUpperCase(), message: message ?? "" };
}

/** What an answer is that Stripe cannot have given to what was asked. */
export function badAnswer(why: string): AppError {
  return new AppError("UNKNOWN", "BAD_ANSWER", `Stripe's answer cannot be used: ${why}`);
}
