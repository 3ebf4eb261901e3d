import { Call, type Identity, runWithTimeout } from "@mall/kit/context";
import { AppError, toAppError } from "@mall/kit/errors";
import type { Kernel } from "../kernel/index.ts";
import type { Network } from "../network/index.ts";
import type { ApiNode, ServingApi } from "../nodes/index.ts";
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
  readonly body: object;
}

/** The way from people into the mall: over a network, to the routes of an api process. */
export class Edge {
  readonly #kernel: Kernel;
  readonly #network: Network;
  readonly #api: ApiNode;

  constructor(kernel: Kernel, network: Network, api: ApiNode) {
    this.#kernel = kernel;
    this.#network = network;
    this.#api = api;
  }

  /** Sends one request and waits for its end; never rejects. */
  async call<T>(request: EdgeRequest): Promise<Outcome<T>> {
    const kernel = this.#kernel;
    kernel.log(request.from, `asks ${request.route} ${JSON.stringify(request.body)}`);
    const outcome = await new Promise<Outcome<T>>((resolve) => {
      const unknown = (reason: string): void =>
        resolve({ kind: "unknown", error: new AppError("UNAVAILABLE", reason, "no answer") });
      const settle = (end: Outcome<unknown>): void => resolve(end as Outcome<T>);
      const { delayMs, copyMs } = this.#network.request(request.from, this.#api.name);
      for (const each of [delayMs, copyMs]) {
        if (each !== undefined) kernel.schedule(each, () => this.#arrive(request, settle));
      }
      kernel.schedule(CLIENT_TIMEOUT_MS, () => unknown("CLIENT_GAVE_UP"));
    });
    kernel.log(request.from, `is told ${describe(outcome)}`);
    return outcome;
  }

  #arrive(request: EdgeRequest, settle: (outcome: Outcome<unknown>) => void): void {
    const { serving } = this.#api;
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
      const delayMs = this.#network.answer(request.from, this.#api.name);
      if (delayMs !== undefined) this.#kernel.schedule(delayMs, () => settle(outcome));
    }, this.#fail);
  }

  readonly #fail = (error: unknown): void => this.#kernel.fail(error);

  async #handle(serving: ServingApi, request: EdgeRequest): Promise<Outcome<unknown>> {
    const route = serving.routes.get(request.route);
    if (route === undefined) throw new Error(`there is no ${request.route}`);
    const { runtime } = serving.epoch;
    const call = new Call({ identity: request.identity, clientAddress: request.from });
    try {
      const answer = await runWithTimeout(runtime, call, API_TIMEOUT_MS, (child) =>
        route.handle(child, structuredClone(request.body) as never),
      );
      return { kind: "yes", value: structuredClone(answer) };
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code === "INTERNAL") throw error;
      return refusedOrUnknown(error);
    }
  }
}

function describe(outcome: Outcome<unknown>): string {
  if (outcome.kind === "yes") return `yes ${JSON.stringify(outcome.value)}`;
  return `${outcome.kind} ${outcome.error.code} ${outcome.error.reason}`;
}
