import type { Call } from "@mall/kit/call";
import type { HttpAnswer } from "@mall/kit/http";
import type { z } from "zod";
import type { Answer } from "../channel.ts";
import { readJson } from "../read-json.ts";
import type { PlatformKeys } from "./platform-keys.ts";
import type { WireRequest } from "./sign.ts";
import { type Merchant, sendSigned } from "./signed-requests.ts";
import { hasSignature, whyNotGenuine } from "./verify.ts";
import { badAnswer, refusalBody } from "./wire.ts";

/** A refusal in WeChat Pay's own words. */
export interface Refusal {
  readonly kind: "no";
  readonly reason: string;
  readonly message: string;
  readonly status: number;
  /** Some refusals are not signed; such a one counts only if a query confirms it. */
  readonly isSigned: boolean;
}

type Reply<T> = Exclude<Answer<T>, { readonly kind: "no" }> | Refusal;

/** What a positive answer must be: its status and its content. */
export interface Wanted<T> {
  readonly status: 200 | 204;
  readonly read: (body: Uint8Array) => T;
}

/**
 * A positive answer with content that matches the schema.
 *
 * @param use throws if the content is about something else than requested.
 */
export function whatIs<Schema extends z.ZodType, T>(
  schema: Schema,
  use: (message: z.output<Schema>) => T,
): Wanted<T> {
  const read = (body: Uint8Array): T => {
    const message = schema.safeParse(readJson(body));
    if (message.success) return use(message.data);
    throw badAnswer(`${message.error.issues[0]?.path.join(".")} is not as it is documented`);
  };
  return { status: 200, read };
}

/** A positive answer without content. */
export const nothing: Wanted<undefined> = { status: 204, read: () => undefined };

/** Sends an account's requests to WeChat Pay. */
export class WechatClient {
  readonly #merchant: Merchant;
  readonly #platform: PlatformKeys;

  constructor(merchant: Merchant, platform: PlatformKeys) {
    this.#merchant = merchant;
    this.#platform = platform;
  }

  /** Sends a request once. Without an answer from WeChat Pay itself, whatever the cause, the outcome is unknown. */
  async ask<T>(call: Call, build: () => WireRequest, wanted: Wanted<T>): Promise<Reply<T>> {
    try {
      if (call.deadline <= this.#merchant.runtime.now()) throw badAnswer("no time is left for one");
      const request = build();
      const serial = await this.#platform.preferred();
      return await this.#judge(await sendSigned(this.#merchant, call, { request, serial }), wanted);
    } catch (cause) {
      return { kind: "unknown", cause };
    }
  }

  async #judge<T>(answer: HttpAnswer, wanted: Wanted<T>): Promise<Reply<T>> {
    const { status, body } = answer;
    if (status === wanted.status) {
      await this.#demandGenuine(answer);
      return { kind: "yes", value: wanted.read(body) };
    }
    const refusal = isRefusal(status) ? refusalBody.safeParse(readJson(body)) : undefined;
    if (refusal?.success !== true) throw badAnswer(`its status is ${status}`);
    const isSigned = hasSignature(answer);
    if (isSigned) await this.#demandGenuine(answer);
    const { code: reason, message } = refusal.data;
    return { kind: "no", reason, message, status, isSigned };
  }

  async #demandGenuine(answer: HttpAnswer): Promise<void> {
    const find = (serial: string) => this.#platform.find(serial);
    const why = await whyNotGenuine(answer, find, this.#merchant.runtime.now());
    if (why !== undefined) throw badAnswer(`its status is ${answer.status}, and ${why}`);
  }
}

/** Whether a status means that nothing was done and never will be; a rate limit does not. */
function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}
