import type { Call } from "@mall/kit/call";
import { type AppError, toAppError } from "@mall/kit/errors";
import {
  fromServiceError,
  toGrpcStatus,
  unavailable,
  type Wire,
  type WireMethod,
  type WireRequest,
} from "@mall/kit/rpc";
import type { Kernel, Owner } from "../kernel/index.ts";
import { isInTransaction } from "../storage/index.ts";
import type { Network } from "./network.ts";

/** A life of a process that serves calls. */
export interface ServingEpoch extends Owner {
  readonly name: string;
  readonly methods: ReadonlyMap<string, WireMethod>;
  /** Calls under way, by what is to be done where the process ends before they do. */
  readonly underWay: Set<() => void>;
  now(): number;
}

/** A process that may be up or down. */
export interface Peer {
  readonly name: string;
  /** Undefined while it is down or not yet serving. */
  readonly serving: ServingEpoch | undefined;
}

/** One end of the calls from a process to a service. */
export interface RpcWireOptions {
  readonly kernel: Kernel;
  readonly network: Network;
  /** Who calls. */
  readonly epoch: Owner & { readonly name: string; now(): number };
  /** The service's full name, for errors. */
  readonly service: string;
  /** The instances of the service. */
  readonly peers: readonly Peer[];
  /** Which of them gets the next call: 0 ≤ x < 1. */
  readonly choose: () => number;
}

/** Carries the calls of one process to the instances of a service, through the simulated network. */
export class RpcWire implements Wire {
  readonly #options: RpcWireOptions;

  constructor(options: RpcWireOptions) {
    this.#options = options;
  }

  /** What the caller waits for is always its own event, so that a caller who has died is told nothing. */
  send(request: WireRequest, call: Call): Promise<Buffer> {
    const { kernel, network, epoch, peers, choose, service } = this.#options;
    const peer = peers[Math.floor(choose() * peers.length)];
    if (peer === undefined) return Promise.reject(unavailable(service, undefined));
    if (isInTransaction())
      kernel.fail(new Error(`${epoch.name} calls ${request.path} inside of a transaction`));
    return new Promise((resolve, reject) => {
      const trip = new Trip({ ...this.#options, peer, request, call, resolve, reject });
      const { delayMs, copyMs } = network.request(epoch.name, peer.name);
      kernel.detail(
        epoch.name,
        () => `calls ${peer.name} ${request.path} ${request.bytes.toString("base64")}`,
      );
      for (const each of [delayMs, copyMs]) {
        if (each !== undefined) kernel.schedule(each, () => trip.arrive());
      }
      const brokenMs = network.break(epoch.name, peer.name);
      if (brokenMs !== undefined) kernel.schedule(brokenMs, () => trip.lose(), epoch);
    });
  }

  translate<T>(result: Promise<T>): Promise<T> {
    return result;
  }
}

interface TripOptions extends RpcWireOptions {
  readonly peer: Peer;
  readonly request: WireRequest;
  readonly call: Call;
  readonly resolve: (answer: Buffer) => void;
  readonly reject: (error: AppError) => void;
}

/** One request on its way to a process and back. */
class Trip {
  readonly #options: TripOptions;
  /** What the caller still has to wait; the server is told so, not when by the caller's clock. */
  readonly #remainingMs: number;

  constructor(options: TripOptions) {
    this.#options = options;
    this.#remainingMs = options.call.deadline - options.epoch.now();
  }

  /** The request reaches its peer, whoever that is by now. */
  arrive(): void {
    const { kernel, network, epoch, peer } = this.#options;
    const { serving } = peer;
    if (serving === undefined) {
      kernel.schedule(network.notice(), () => this.lose(), epoch);
      return;
    }
    if (serving.survives()) this.#serve(serving);
    else kernel.schedule(network.notice(), () => this.lose(), epoch);
  }

  /** The connection has broken under the call. */
  lose(): void {
    const { kernel, epoch, peer, service, request, reject } = this.#options;
    kernel.detail(epoch.name, () => `loses ${peer.name} under ${request.path}`);
    reject(unavailable(service, undefined));
  }

  #serve(serving: ServingEpoch): void {
    const { kernel, network, epoch, peer, request, call } = this.#options;
    kernel.log(peer.name, `serves ${epoch.name} ${request.path}`);
    const method = serving.methods.get(request.path);
    if (method === undefined) {
      kernel.fail(new Error(`${peer.name} does not serve ${request.path}`));
      return;
    }
    const lost = (): void => {
      kernel.schedule(network.notice(), () => this.lose(), epoch);
    };
    serving.underWay.add(lost);
    const answered = method({
      request: request.bytes,
      deadline: serving.now() + this.#remainingMs,
      peer: epoch.name,
      header: (name) => request.headers.find(([known]) => known === name)?.[1],
      onCancelled: (listener) => {
        call.onDone(() => {
          const delayMs = network.answer(epoch.name, peer.name);
          if (delayMs !== undefined) kernel.schedule(delayMs, listener, serving);
        });
      },
    });
    answered.then(
      (bytes) => {
        serving.underWay.delete(lost);
        this.#answer(() => this.#options.resolve(bytes), "answer");
      },
      (error: unknown) => {
        serving.underWay.delete(lost);
        const carried = this.#carried(error);
        this.#answer(() => this.#options.reject(carried), `${carried.code} ${carried.reason}`);
      },
    );
  }

  /** An error as it comes out at the caller's side. */
  #carried(error: unknown): AppError {
    const { code, details, metadata } = toGrpcStatus(toAppError(error));
    return fromServiceError(
      this.#options.service,
      Object.assign(new Error(details), { code, details, metadata }),
    );
  }

  #answer(deliver: () => void, what: string): void {
    const { kernel, network, epoch, peer, request } = this.#options;
    const delayMs = network.answer(epoch.name, peer.name);
    kernel.log(peer.name, `answers ${epoch.name} ${request.path}: ${what}`);
    if (delayMs !== undefined) kernel.schedule(delayMs, deliver, epoch);
  }
}
