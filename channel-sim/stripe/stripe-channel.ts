import type { HttpAnswer } from "@mall/kit/http";
import { answerExchange } from "../core/exchange.ts";
import {
  type LetterFlaw,
  type Payment,
  Refusal,
  type SimChannel,
  type TradeView,
} from "../core/sim-channel.ts";
import type { SimCore } from "../core/sim-core.ts";
import { jsonAnswer, pathOf, type SimAnswer, type SimRequest, textOf } from "../core/sim-http.ts";
import type { SimLetter } from "../core/sim-store.ts";
import { API_VERSION, type StripeAccount } from "./account.ts";
import { BuyersSide, type DisputeDemand } from "./buyers-side.ts";
import { StripeError, stripeErrors } from "./errors.ts";
import { IdempotentAnswers, type Keep } from "./idempotency.ts";
import type { StripeEvent, WebhookEndpoint } from "./objects.ts";
import { formOf, type StripeCall, stripeCall } from "./routes.ts";
import { lieAbout, refusalOf, type Said } from "./said.ts";
import { kindOf, Unit } from "./unit.ts";
import { webhookSignature } from "./webhook-signature.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Three days, each pause longer: the documents say so, and not how long each is. */
const RETRY_MS: readonly number[] = [
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  ...Array<number>(4).fill(12 * HOUR_MS),
];

/** Stripe's API, the side that accounts call. */
export interface StripeChannel extends SimChannel {
  /**
   * Gives a webhook endpoint another secret; the earlier ones go on to sign beside it.
   *
   * @throws Refusal
   */
  roll(endpoint: string): Promise<string>;
  /**
   * The earlier secrets of a webhook endpoint sign no more.
   *
   * @throws Refusal
   */
  endRolled(endpoint: string): Promise<void>;
  /**
   * The buyer asks the bank for the money back.
   *
   * @returns the dispute's id
   * @throws Refusal
   */
  dispute(outTradeNo: string, demand: DisputeDemand): Promise<string>;
  /**
   * The buyer's bank decides a dispute.
   *
   * @throws Refusal
   */
  endDispute(dispute: string, outcome: "won" | "lost"): Promise<void>;
}

export function createStripeChannel(core: SimCore, accounts: readonly StripeAccount[]): StripeChannel {
  return new Stripe(core, accounts);
}

class Stripe implements StripeChannel {
  readonly name = "stripe";
  readonly retryMs = RETRY_MS;
  readonly notifyTimeoutMs = 10_000;
  readonly #core: SimCore;
  readonly #accounts: readonly StripeAccount[];
  readonly #buyers: BuyersSide;
  readonly #idempotent: IdempotentAnswers;

  constructor(core: SimCore, accounts: readonly StripeAccount[]) {
    this.#core = core;
    this.#accounts = accounts;
    this.#buyers = new BuyersSide(core, accounts);
    this.#idempotent = new IdempotentAnswers(core);
  }

  answer(request: SimRequest): Promise<SimAnswer> | undefined {
    return pathOf(request).startsWith("/v1/") ? this.#answer(request) : undefined;
  }

  pay(outTradeNo: string, payment: Payment): Promise<TradeView> {
    return this.#buyers.pay(outTradeNo, payment);
  }

  trade(outTradeNo: string): Promise<TradeView | undefined> {
    return this.#buyers.trade(outTradeNo);
  }

  trades(): Promise<readonly TradeView[]> {
    return this.#buyers.trades();
  }

  async roll(endpoint: string): Promise<string> {
    const secret = `whsec_${this.#core.hex(32)}`;
    await this.#giveSecrets(endpoint, (earlier) => [secret, ...earlier]);
    return secret;
  }

  endRolled(endpoint: string): Promise<void> {
    return this.#giveSecrets(endpoint, (secrets) => secrets.slice(0, 1));
  }

  dispute(outTradeNo: string, demand: DisputeDemand): Promise<string> {
    return this.#buyers.dispute(outTradeNo, demand);
  }

  endDispute(dispute: string, outcome: "won" | "lost"): Promise<void> {
    return this.#buyers.endDispute(dispute, outcome);
  }

  async write(letter: SimLetter, flaw: LetterFlaw | undefined) {
    const endpoint = await this.#endpoint(letter.account);
    const event = JSON.parse(letter.message) as StripeEvent;
    const object = flaw?.lie === undefined ? event.data.object : lieAbout(event.data.object, flaw.lie);
    const body = Buffer.from(JSON.stringify({ ...event, data: { ...event.data, object } }, undefined, 2));
    const wrong = flaw?.seal?.flaw === "wrong-signature" || flaw?.seal?.flaw === "unknown-serial";
    const secrets = wrong ? ["whsec_another"] : (endpoint?.sim.secrets ?? []);
    const timestamp = Math.floor((this.#core.runtime.now() + clockOff(flaw)) / 1000);
    const signed = flaw?.seal?.flaw !== "unsigned" && {
      "Stripe-Signature": webhookSignature(body, secrets, timestamp),
    };
    const sent = flaw?.tampered === true ? Buffer.concat([body, Buffer.from(" ")]) : body;
    return { headers: { "Content-Type": "application/json; charset=utf-8", ...signed }, body: sent };
  }

  acknowledged({ status }: HttpAnswer): boolean {
    return status >= 200 && status < 300;
  }

  async #giveSecrets(id: string, change: (secrets: readonly string[]) => readonly string[]): Promise<void> {
    const known = await this.#endpoint(id);
    if (known === undefined) throw new Refusal("NOT_POSSIBLE", "no such endpoint");
    const value = { ...known, sim: { ...known.sim, secrets: change(known.sim.secrets) } };
    await this.#core.commit({ records: [{ kind: kindOf("webhook_endpoint"), id, value }] });
  }

  #endpoint(id: string): Promise<WebhookEndpoint | undefined> {
    return this.#core.store.find<WebhookEndpoint>(kindOf("webhook_endpoint"), id);
  }

  #answer(request: SimRequest): Promise<SimAnswer> {
    const call = stripeCall(request.method, pathOf(request));
    const requestId = `req_${this.#core.hex(14)}`;
    return answerExchange<Said>(this.#core, {
      channel: this.name,
      operation: call?.operation ?? "",
      outTradeNo: call === undefined ? "" : numberOf(call, request),
      carryOut: () => this.#refusable(() => this.#carryOut(call, request, requestId)),
      lie: (said, lie) => ({ ...said, body: lieAbout(said.body, lie) }),
      trouble: (what) => refusalOf(what === "error" ? stripeErrors.own() : stripeErrors.tooOften()),
      // Answers are signed by nothing but TLS.
      seal: ({ status, headers, body }) => {
        const bare = jsonAnswer(status, body);
        const own = { "Request-Id": requestId, "Stripe-Version": API_VERSION };
        return { ...bare, headers: { ...bare.headers, ...own, ...headers } };
      },
    });
  }

  async #refusable(work: () => Promise<Said>): Promise<Said> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StripeError) return refusalOf(error);
      throw error;
    }
  }

  async #carryOut(call: StripeCall | undefined, request: SimRequest, requestId: string): Promise<Said> {
    const account = accountOf(request, this.#accounts);
    const { method, url, headers } = request;
    if (call === undefined) throw stripeErrors.path(method, pathOf(request));
    demandReadable(request);
    const key = method === "POST" ? headers["idempotency-key"] : undefined;
    const mark = { id: requestId, idempotency_key: key ?? null };
    const run = (keep: Keep) => this.#run(call, request, { unit: new Unit(this.#core, account, mark), keep });
    if (key === undefined) return run(() => []);
    const asked = `${method} ${url} ${textOf(request)}`;
    const said = await this.#idempotent.answer(`${account.id} ${key}`, asked, run);
    return { ...said, headers: { ...said.headers, "Idempotency-Key": key, "Original-Request": requestId } };
  }

  /** Runs a call alone, as another may change the same objects; its answer is kept with its effect. */
  #run(
    call: StripeCall,
    request: SimRequest,
    { unit, keep }: { readonly unit: Unit; readonly keep: Keep },
  ): Promise<Said> {
    const { method, url } = request;
    const form = formOf(method, url.split("?")[1] ?? "", textOf(request));
    return this.#core.alone("stripe", async () => {
      await this.#loseClose(call);
      try {
        const said = { status: 200, headers: {}, body: await call.run(unit, form) };
        await unit.commit(keep(said));
        return said;
      } catch (error) {
        if (!(error instanceof StripeError)) throw error;
        const said = refusalOf(error);
        if (error.effect === "kept") await unit.commit(keep(said));
        else if (error.effect !== "unstored") await this.#core.commit({ records: keep(said) });
        return said;
      }
    });
  }

  async #loseClose({ operation, id }: StripeCall): Promise<void> {
    const scope = { channel: this.name, outTradeNo: id, operation };
    if (operation !== "close" || this.#core.faults.take(scope, "close.loses") === undefined) return;
    await this.#buyers.payAlone(id, {});
  }
}

function clockOff(flaw: LetterFlaw | undefined): number {
  if (flaw?.seal?.flaw === "clock-old") return -flaw.seal.ms;
  return flaw?.seal?.flaw === "clock-ahead" ? flaw.seal.ms : 0;
}

/** @throws StripeError */
function accountOf({ headers }: SimRequest, accounts: readonly StripeAccount[]): StripeAccount {
  const [scheme = "", given = ""] = (headers.authorization ?? "").split(" ");
  const basic = scheme.toLowerCase() === "basic" ? Buffer.from(given, "base64").toString("utf8") : "";
  const key = basic === "" ? given : basic.split(":", 1)[0];
  const account = accounts.find(({ secretKey }) => secretKey === key);
  if (account === undefined) throw stripeErrors.key();
  return account;
}

/** @throws StripeError */
function demandReadable({ method, headers, body }: SimRequest): void {
  const version = headers["stripe-version"] ?? API_VERSION;
  if (version !== API_VERSION) throw stripeErrors.version(version);
  const type = headers["content-type"] ?? "";
  const isForm = type.startsWith("application/x-www-form-urlencoded");
  if (method === "POST" && body.length > 0 && !isForm) throw stripeErrors.contentType();
}

/** The trade's id for faults: of the path, or the one that a refund names. */
function numberOf({ id }: StripeCall, request: SimRequest): string {
  return id === "" ? (/(?:^|&)payment_intent=([^&]*)/.exec(textOf(request))?.[1] ?? "") : id;
}
