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

/** The API version that determines the form of answers; objects.ts parses those of this version. */
const API_VERSION = "2026-10-28.endive";
/** Timeout for one answer of Stripe's, milliseconds, unless the call has less time left. */
const TIMEOUT_MS = 8_000;
/** Retries after the first request. */
const REPEATS_MAX = 2;
const PAUSE = { firstMs: 500, lastMs: 1_000 };

/** The result of a POST: as of now, or the stored answer to an earlier request with the same key, which may be old. */
export interface Posted<T> {
  readonly object: T;
  readonly isReplay: boolean;
}

interface Posting {
  readonly form: FormFields;
  /** Idempotency key: Stripe stores the first answer to it for 24 hours, and refuses the key with another form. */
  readonly key: string;
}

/**
 * Sends an account's requests to Stripe; without an answer from Stripe itself, whatever the cause, the outcome is
 * unknown.
 */
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

  /** Whether its keys move real money. */
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

  /** Retries use the same bytes and key, so that Stripe acts once. */
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

/**
 * Whether to retry: Stripe says so itself in a header; otherwise after a concurrent twin (409), a server error, or no
 * answer.
 */
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

/** Refusals of the request itself; a rejected API key, a rate limit or a twin say nothing about it. */
const REFUSALS: readonly number[] = [400, 402, 404];

function readAnswer<T>({ status, body }: HttpAnswer, schema: z.ZodType<T>): Answer<T> {
  if (status >= 200 && status < 300) return { kind: "yes", value: schema.parse(readJson(body)) };
  if (!REFUSALS.includes(status)) throw badAnswer(`it has status ${status}`);
  const { type, code, message } = errorObject.parse(readJson(body)).error;
  return { kind: "no", reason: (code ?? type).toUpperCase(), message: message ?? "" };
}

/** The error for an answer that Stripe cannot have given to this request. */
export function badAnswer(why: string): AppError {
  return new AppError("UNKNOWN", "BAD_ANSWER", `Stripe's answer cannot be used: ${why}`);
}
