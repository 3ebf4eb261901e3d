import { staffActor } from "@mall/kit/auth";
import { Call, type Identity, runWithTimeout } from "@mall/kit/call";
import { AppError, toAppError } from "@mall/kit/errors";
import type { HttpAnswer, HttpRequest } from "@mall/kit/http";
import type { RawAnswer, RawRequest } from "@mall/kit/rest";
import type { Kernel, Random } from "../kernel/index.ts";
import type { Network } from "../network/index.ts";
import type { ApiPeer, ServingApi } from "../nodes/index.ts";
import { noAnswer } from "./bank.ts";
import { lowerCase } from "./http.ts";
import { type Outcome, refusedOrUnknown } from "./outcome.ts";

/** go-zero's RestConf.Timeout. */
const API_TIMEOUT_MS = 3_000;
/** How long a client waits. */
const CLIENT_TIMEOUT_MS = 5_000;

/** A request as somebody outside sends it. */
export interface EdgeRequest {
  /** Who sends it, for the timeline. */
  readonly from: string;
  /** `POST /api/order/create` */
  readonly route: string;
  readonly identity: Identity | undefined;
  /** The `Idempotency-Key` header. */
  readonly key?: string | undefined;
  readonly body: object;
}

/** The way from people into the mall: over a network, to the routes of an api process. */
export class Edge {
  readonly #kernel: Kernel;
  readonly #network: Network;
  readonly #apis: readonly ApiPeer[];
  readonly #random: Random;
  readonly #balancer: string;

  constructor(kernel: Kernel, network: Network, apis: readonly ApiPeer[]) {
    this.#kernel = kernel;
    this.#network = network;
    this.#apis = apis;
    this.#random = kernel.random("balancer");
    this.#balancer = apis.map(({ name }) => name).join("+");
  }

  /** Sends one request and waits for its end; never rejects. */
  async call<T>(request: EdgeRequest): Promise<Outcome<T>> {
    const kernel = this.#kernel;
    const { from, route, body, key } = request;
    kernel.log(from, `asks ${route} ${JSON.stringify(body)}${key === undefined ? "" : ` key ${key}`}`);
    const outcome = await new Promise<Outcome<T>>((resolve) => {
      const unknown = (reason: string): void =>
        resolve({ kind: "unknown", error: new AppError("UNAVAILABLE", reason, "no answer") });
      // The route's contract says what it answers with.
      const settle = (end: Outcome<unknown>): void => resolve(end as Outcome<T>);
      const { delayMs, copyMs } = this.#network.request(from, this.#balancer);
      for (const each of [delayMs, copyMs]) {
        if (each !== undefined) kernel.schedule(each, () => this.#arrive(request, settle));
      }
      kernel.schedule(CLIENT_TIMEOUT_MS, () => unknown("CLIENT_GAVE_UP"));
    });
    kernel.log(from, `is told ${describe(outcome)}`);
    return outcome;
  }

  /** A request that no person sends, as it comes in: a notification to a raw route. Rejects where nobody answers. */
  answer({ url, headers, body = new Uint8Array() }: HttpRequest): Promise<HttpAnswer> {
    const { serving } = this.#random.pick(this.#apis);
    const channel = url.slice(url.lastIndexOf("/") + 1);
    const route = serving?.routes.get("POST /api/pay/notify/:channel");
    if (serving === undefined || route === undefined || !serving.epoch.survives())
      return Promise.reject(noAnswer());
    const raw: RawRequest = { headers: lowerCase(headers), params: { channel }, body: Buffer.from(body) };
    return new Promise((resolve, reject) => {
      const lose = (): void => reject(noAnswer());
      serving.underWay.add(lose);
      const call = new Call({ clientAddress: url });
      runWithTimeout(serving.epoch.runtime, call, API_TIMEOUT_MS, (child) =>
        route.handle(child, raw as never),
      )
        .then(
          (answer) => httpAnswerOf(answer as RawAnswer),
          () => ({ status: 500, headers: {}, body: new Uint8Array() }),
        )
        .then((answer) => {
          serving.underWay.delete(lose);
          resolve(answer);
        }, reject);
    });
  }

  /** Where notifications go. */
  get name(): string {
    return this.#balancer;
  }

  #arrive(request: EdgeRequest, settle: (outcome: Outcome<unknown>) => void): void {
    const { serving } = this.#random.pick(this.#apis);
    const lose = (): void => {
      const error = new AppError("UNAVAILABLE", "CONNECTION_LOST", "no answer");
      this.#kernel.schedule(this.#network.notice(), () => settle({ kind: "unknown", error }));
    };
    if (serving === undefined || !serving.epoch.survives()) {
      lose();
      return;
    }
    serving.underWay.add(lose);
    this.#handle(serving, request).then((outcome) => {
      serving.underWay.delete(lose);
      const delayMs = this.#network.answer(request.from, this.#balancer);
      if (delayMs !== undefined) this.#kernel.schedule(delayMs, () => settle(outcome));
    }, this.#fail);
  }

  readonly #fail = (error: unknown): void => this.#kernel.fail(error);

  async #handle(serving: ServingApi, request: EdgeRequest): Promise<Outcome<unknown>> {
    const { identity, from, key, body } = request;
    const route = serving.routes.get(request.route);
    if (route === undefined) throw new Error(`there is no ${request.route}`);
    const { runtime } = serving.epoch;
    const owner = identity === undefined ? from : `user:${identity.uid}`;
    const idempotency = key === undefined ? undefined : { key, owner };
    const attachments = { idempotency, actor: staffActor(identity, from) };
    const call = new Call({ identity, clientAddress: from, attachments });
    try {
      const answer = await runWithTimeout(runtime, call, API_TIMEOUT_MS, (child) =>
        route.handle(child, structuredClone(body) as never),
      );
      return { kind: "yes", value: structuredClone(answer) };
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code === "INTERNAL") throw error;
      return refusedOrUnknown(error);
    }
  }
}

function httpAnswerOf({ status, contentType, headers = {}, body }: RawAnswer): HttpAnswer {
  return { status, headers: { ...headers, "content-type": contentType }, body: Buffer.from(body) };
}

function describe(outcome: Outcome<unknown>): string {
  if (outcome.kind === "yes") return `yes ${JSON.stringify(outcome.value)}`;
  return `${outcome.kind} ${outcome.error.code} ${outcome.error.reason}`;
}
