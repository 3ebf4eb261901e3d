import type { Call } from "@mall/kit/call";
import type { HttpTransport } from "@mall/kit/http";
import type { Runtime } from "@mall/kit/runtime";
import { badAnswer } from "./bad-answer.ts";
import type { AlipayAccount } from "./config.ts";
import { cutAnswer } from "./cut-answer.ts";
import type { KeyRing } from "./key-ring.ts";
import { type Asked, formOf, signRequest } from "./signed-request.ts";

/** Timeout for Alipay's answer, milliseconds, unless the call has less time left. Its own SDKs wait 5 to 15 s. */
const TIMEOUT_MS = 10_000;

export interface Outside {
  readonly runtime: Pick<Runtime, "now">;
  readonly http: HttpTransport;
}

/** Sends an account's requests. */
export class Gateway {
  readonly #account: AlipayAccount;
  readonly #keys: KeyRing;
  readonly #outside: Outside;

  constructor(account: AlipayAccount, keys: KeyRing, outside: Outside) {
    this.#account = account;
    this.#keys = keys;
    this.#outside = outside;
  }

  /** A request as a query string: for a browser, after the gateway's address, or for the SDK in the shop's app. */
  signed(asked: Asked): string {
    const now = this.#outside.runtime.now();
    return formOf(signRequest(this.#account, this.#keys.own(now), asked, now));
  }

  /** A request as a URL for a browser to open. */
  link(asked: Asked): string {
    return `${this.#account.Gateway}?${this.signed(asked)}`;
  }

  /**
   * Sends a request, once.
   *
   * @returns the answer, whose signature has not been verified yet.
   * @throws AppError of the transport; UNKNOWN BAD_ANSWER; an error if the bytes cannot be decoded.
   */
  async exchange(call: Call, asked: Asked): Promise<ReturnType<typeof cutAnswer>> {
    const { runtime, http } = this.#outside;
    const now = runtime.now();
    const { biz_content = "", ...common } = Object.fromEntries(
      signRequest(this.#account, this.#keys.own(now), asked, now),
    );
    const request = {
      method: "POST" as const,
      url: `${this.#account.Gateway}?${formOf(Object.entries(common))}`,
      headers: { "content-type": "application/x-www-form-urlencoded;charset=utf-8" },
      body: Buffer.from(formOf([["biz_content", biz_content]])),
    };
    const { status, body } = await http.send(request, {
      timeoutMs: Math.min(TIMEOUT_MS, call.deadline - now),
    });
    // Alipay uses 200 for refusals too, so any other status comes from somebody in between.
    if (status !== 200) throw badAnswer(`it has status ${status}`);
    return cutAnswer(body, asked.method);
  }
}
