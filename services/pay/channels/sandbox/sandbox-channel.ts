import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { HttpTransport } from "@mall/kit/http";
import type { Runtime } from "@mall/kit/runtime";
import type { Answer, Channel, ParsedNotify, RawNotify } from "../channel.ts";
import { PAY_SOURCE } from "../pay-source.ts";
import type { SandboxConfig } from "./config.ts";
import {
  ACKNOWLEDGED,
  ANSWERS,
  type AnswerOf,
  APP_HEADER,
  answerHead,
  notification,
  OK,
  type Operation,
  type RequestOf,
  readJson,
  refusal,
  writeJson,
} from "./protocol.ts";
import { isSigned, PURPOSE, SIGNATURE_HEADER, sign } from "./signature.ts";

/** Timeout for the bank's answer, milliseconds, unless the call has less time left. */
const TIMEOUT_MS = 5_000;

/** The name of the channel. */
export const SANDBOX = "sandbox";

/** The channel to a sandbox bank; see bank/sandbox-bank.ts. */
export function createSandboxChannel(
  config: SandboxConfig,
  outside: { readonly runtime: Runtime; readonly http: HttpTransport },
): Channel {
  const bank = new SandboxClient(config, outside);
  return {
    name: SANDBOX,
    source: PAY_SOURCE.sandbox,
    notifyUrl: config.NotifyUrl,
    products: ["page"],
    prepay: async (call, { outTradeNo, amount, currency, subject, expireAt }) => {
      const { NotifyUrl: notifyUrl } = config;
      const request = { outTradeNo, amount, currency, subject, expireAt, notifyUrl };
      const answer = await bank.ask(call, "prepay", request);
      if (answer.kind !== "yes") return answer;
      return { kind: "yes", value: { credential: { kind: "url", text: answer.value.credential } } };
    },
    query: async (call, { outTradeNo }) => pick(await bank.ask(call, "query", { outTradeNo }), "trade"),
    close: async (call, { outTradeNo }) => pick(await bank.ask(call, "close", { outTradeNo }), "trade"),
    refund: async (call, { trade: { outTradeNo }, refundNo, amount, currency, total }) =>
      pick(await bank.ask(call, "refund", { outTradeNo, refundNo, amount, currency, total }), "refund"),
    queryRefund: async (call, { trade: { outTradeNo }, refundNo }) =>
      pick(await bank.ask(call, "query-refund", { outTradeNo, refundNo }), "refund"),
    parseNotify: async (_call, notify, now) => readNotify(notify, config.Secret, now),
    notifyReply: () => ({ status: 200, contentType: "text/plain; charset=utf-8", body: ACKNOWLEDGED }),
  };
}

class SandboxClient {
  readonly #config: SandboxConfig;
  readonly #runtime: Runtime;
  readonly #http: HttpTransport;

  constructor(config: SandboxConfig, outside: { readonly runtime: Runtime; readonly http: HttpTransport }) {
    this.#config = config;
    this.#runtime = outside.runtime;
    this.#http = outside.http;
  }

  /**
   * Sends a request to the bank; without an answer from the bank itself, whatever the cause, the outcome is unknown.
   */
  async ask<Name extends Operation>(
    call: Call,
    operation: Name,
    request: RequestOf<Name>,
  ): Promise<Answer<AnswerOf<Name>>> {
    try {
      return readAnswer(operation, await this.#exchange(call, operation, request));
    } catch (cause) {
      return { kind: "unknown", cause };
    }
  }

  /** The bank's answer, verified to be the bank's and to this request. */
  async #exchange(call: Call, operation: Operation, request: object): Promise<unknown> {
    const { Gateway, AppId, Secret } = this.#config;
    const body = writeJson(request);
    const now = this.#runtime.now();
    const signature = sign({ secret: Secret, purpose: PURPOSE.request(operation), body }, now);
    const answer = await this.#http.send(
      {
        method: "POST",
        url: `${Gateway}/api/${operation}`,
        headers: {
          "content-type": "application/json",
          [APP_HEADER]: AppId,
          [SIGNATURE_HEADER]: signature,
        },
        body,
      },
      { timeoutMs: Math.min(TIMEOUT_MS, call.deadline - now) },
    );
    const signed = { secret: Secret, purpose: PURPOSE.answer(signature), body: answer.body };
    if (!isSigned(answer.headers[SIGNATURE_HEADER], signed, this.#runtime.now())) {
      throw badAnswer(`it has status ${answer.status} and is not signed`);
    }
    return readJson(answer.body);
  }
}

function readAnswer<Name extends Operation>(operation: Name, message: unknown): Answer<AnswerOf<Name>> {
  const head = answerHead.safeParse(message);
  if (head.success && head.data.code === OK) {
    // TypeScript cannot infer that an operation's schema parses the answer to that operation.
    return { kind: "yes", value: ANSWERS[operation].parse(message) as AnswerOf<Name> };
  }
  const { code, message: text } = refusal.parse(message);
  return { kind: "no", reason: code, message: text };
}

function pick<Key extends string, Value>(
  answer: Answer<Readonly<Record<Key, Value>>>,
  key: Key,
): Answer<Value> {
  return answer.kind === "yes" ? { kind: "yes", value: answer.value[key] } : answer;
}

function readNotify({ headers, body }: RawNotify, secret: string, now: number): ParsedNotify {
  if (!isSigned(headers[SIGNATURE_HEADER], { secret, purpose: PURPOSE.notify, body }, now)) {
    throw forged("the notification is not signed by the sandbox, or not lately");
  }
  const message = notification.safeParse(readJson(body));
  if (!message.success) throw forged("the notification is not one of the sandbox's", message.error);
  const { id: eventKey, outTradeNo } = message.data;
  if ("trade" in message.data) return { kind: "trade", eventKey, outTradeNo, hint: message.data.trade };
  const { refundNo, refund: hint } = message.data;
  return { kind: "refund", eventKey, outTradeNo, refundNo, hint };
}

function forged(message: string, cause?: unknown): AppError {
  return new AppError("UNAUTHENTICATED", "NOTIFY_FORGED", message, { cause });
}

function badAnswer(why: string): AppError {
  return new AppError("UNKNOWN", "BAD_ANSWER", `the sandbox's answer cannot be used: ${why}`);
}
