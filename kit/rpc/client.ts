import {
  type ChannelCredentials,
  type ClientDuplexStream,
  Client as GrpcClient,
  Metadata,
  type ServiceError,
  status,
} from "@grpc/grpc-js";
import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { Runtime, Timer } from "@mall/kit/runtime";
import { askHealth, troubleOfAll } from "./ask-health.ts";
import { missingMethods, type PeerAnswer, probeService } from "./ask-method.ts";
import { type RpcCredentials, showCredentials } from "./auth.ts";
import { type ConnectedPeer, channelTarget } from "./endpoint-resolver.ts";
import { type EndpointSource, staticEndpoints } from "./endpoint-source.ts";
import { MESSAGE_BYTES_MAX } from "./message.ts";
import { NotBegun } from "./mux/client-stream.ts";
import { MUX_PATH } from "./mux/frame.ts";
import { MuxChannel } from "./mux/mux-channel.ts";
import { PEER_HEADER } from "./p2c-balancer.ts";
import { noPeer, unavailable } from "./public-error.ts";
import type { ServiceDefinition } from "./service.ts";
import { serviceConfigOf } from "./service-config.ts";
import { fromServiceError } from "./status.ts";
import { carryStream } from "./streams/grpc-stream.ts";
import type { WireMessages } from "./streams/messages.ts";
import { type ClientTls, clientCredentials } from "./tls.ts";
import { createWireClient, type Wire, type WireClientOptions } from "./wire-client.ts";
import type { CallHeaders, WireRequest } from "./wire-request.ts";

export interface RpcClientOptions<Client> extends WireClientOptions<Client> {
  /** `host:port` of every peer, or where they are found; a source is closed by whoever made it. */
  readonly endpoints: readonly string[] | EndpointSource;
  /** Speaks TLS; plain text without it. */
  readonly tls?: ClientTls;
  /** Shown with every call, for servers that ask for it. */
  readonly auth?: RpcCredentials | undefined;
  /** From one ping of a connection with calls under way to the next; 10 s by default. */
  readonly keepaliveMs?: number | undefined;
  /** False: never speaks the multiplexed form, only unary calls; true by default. */
  readonly multiplex?: boolean;
}

/** A client of a service and the connections behind it. */
export interface RpcConnection<Client> {
  readonly client: Client;
  /**
   * Resolves when a peer is connected.
   *
   * @throws AppError UNAVAILABLE, in go-zero's words, if there is none within `timeoutMs`.
   */
  ready(timeoutMs: number): Promise<void>;
  /**
   * Asks the instances for their health. Resolves with undefined where one of them can work, or speaks of no health,
   * else with what is wrong in a few words.
   */
  trouble(): Promise<string | undefined>;
  /** The methods that at least one of the instances does not have, as an older or another program. Never rejects. */
  missing(): Promise<string[]>;
  /** What answers for the service at a single endpoint, found out without a call of any method. Never rejects. */
  probe(): Promise<PeerAnswer>;
  /** Ends the connections; calls under way fail. */
  close(): void;
}

/**
 * How long after its start a client waits for peers it has never reached. Services of one system start
 * in any order, so at first a refused connection means "not yet", and calls wait within their own
 * deadline; later it means "down", and calls fail at once.
 */
const STARTUP_MS = 10_000;

/**
 * A peer that vanished without closing is noticed while calls wait for it. Pings go out only during calls,
 * which Go's servers allow at this pace.
 */
const KEEPALIVE_MS = 10_000;

const CHANNEL_OPTIONS = {
  // A restarted peer is found again within a quarter of a second, which matters where it is the only one. The pace
  // does not slow down further: five refused connections a second cost neither side anything that shows.
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 200,
  "grpc.keepalive_timeout_ms": 3_000,
  "grpc.max_receive_message_length": MESSAGE_BYTES_MAX,
  // Peers are inside: a proxy set in the environment is for the outside.
  "grpc.enable_http_proxy": 0,
};

/**
 * Connects to the peers of a service (HTTP/2) and gives a client that calls those that are well and quick.
 * Connecting goes on in the background; a call that finds no peer fails with UNAVAILABLE.
 *
 * @throws AppError INVALID_ARGUMENT for no endpoint, or one that is not `host:port`; FAILED_PRECONDITION
 * CONFIG_UNUSABLE for a certificate file that cannot be used.
 */
export function connectRpcClient<Client>(options: RpcClientOptions<Client>): RpcConnection<Client> {
  const { definition, endpoints, runtime } = options;
  const source = "current" in endpoints ? endpoints : staticEndpoints(endpoints);
  const channel = new RpcChannel({
    service: definition.names[0],
    source,
    serviceConfig: serviceConfigOf(definition),
    credentials: clientCredentials(options.tls),
    auth: options.auth,
    keepaliveMs: options.keepaliveMs ?? KEEPALIVE_MS,
    multiplex: options.multiplex ?? true,
    runtime,
  });
  const client = createWireClient(channel, options);
  return {
    client,
    ready: (timeoutMs) => channel.ready(timeoutMs),
    trouble: () => channel.trouble(),
    missing: () => channel.missing(definition),
    probe: () => channel.probe(definition),
    close: () => channel.close(),
  };
}

/** A call of the library of either form. */
type RemoteCall = Pick<ClientDuplexStream<Buffer, Buffer>, "getPeer">;

interface RpcChannelOptions {
  readonly service: string;
  readonly source: EndpointSource;
  readonly serviceConfig: string;
  readonly credentials: ChannelCredentials;
  readonly auth: RpcCredentials | undefined;
  readonly keepaliveMs: number;
  readonly multiplex: boolean;
  readonly runtime: Runtime;
}

class RpcChannel implements Wire {
  readonly #service: string;
  readonly #source: EndpointSource;
  readonly #runtime: Runtime;
  readonly #auth: RpcCredentials | undefined;
  readonly #grpc: GrpcClient;
  readonly #mux: MuxChannel | undefined;
  readonly #startup: Timer;
  /** True until a peer was reached for the first time or STARTUP_MS passed. */
  #starting = true;
  #connected: readonly ConnectedPeer[] = [];

  constructor(channelOptions: RpcChannelOptions) {
    const { service, source, serviceConfig, credentials, auth, multiplex, runtime } = channelOptions;
    this.#service = service;
    this.#source = source;
    this.#auth = auth;
    this.#runtime = runtime;
    if (multiplex) {
      this.#mux = new MuxChannel({ runtime, service, openStream: (peer) => this.#openStream(peer) });
    }
    const { target, options } = channelTarget({
      source,
      runtime,
      onConnected: (peers) => {
        this.#connected = peers;
        this.#mux?.setConnected(peers);
      },
    });
    this.#grpc = new GrpcClient(target, credentials, {
      ...CHANNEL_OPTIONS,
      ...options,
      "grpc.keepalive_time_ms": channelOptions.keepaliveMs,
      "grpc.service_config": serviceConfig,
    });
    this.#startup = runtime.setTimer(() => {
      this.#starting = false;
    }, STARTUP_MS);
    this.#grpc.waitForReady(Number.POSITIVE_INFINITY, () => {
      this.#starting = false;
      this.#startup.clear();
    });
  }

  ready(timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#grpc.waitForReady(this.#runtime.now() + timeoutMs, (error) => {
        if (error === undefined) resolve();
        else reject(notStarted(this.#source.target, error));
      });
    });
  }

  trouble(): Promise<string | undefined> {
    const asked = this.#peerNames().map((peer) =>
      askHealth(this.#grpc, this.#metadataFor(peer), this.#runtime),
    );
    return troubleOfAll(asked);
  }

  async missing<Service>(definition: ServiceDefinition<Service>): Promise<string[]> {
    const asked = this.#peerNames().map((peer) => {
      const metadata = this.#metadataFor(peer);
      return missingMethods(definition, { client: this.#grpc, metadata, runtime: this.#runtime });
    });
    return [...new Set((await Promise.all(asked)).flat())];
  }

  probe<Service>(definition: ServiceDefinition<Service>): Promise<PeerAnswer> {
    const metadata = this.#metadataFor(undefined);
    return probeService(definition, { client: this.#grpc, metadata, runtime: this.#runtime });
  }

  /** Of all peers, or of any: those that were not needed for long may have no connection, which a call makes. */
  #peerNames(): (string | undefined)[] {
    return this.#connected.length === 0 ? [undefined] : this.#connected.map(({ name }) => name);
  }

  /** Sends one request and gives the bytes of its answer; in the multiplexed form where the peers speak it. */
  send(request: WireRequest, call: Call): Promise<Buffer> {
    const multiplexed = this.#mux?.send(request, call);
    if (multiplexed === undefined) return this.#sendUnary(request, call);
    return multiplexed.catch((error: unknown) => {
      if (!mayBeSentAgain(request, error)) throw error;
      return this.#sendUnary(request, call);
    });
  }

  async stream(path: string, headers: CallHeaders, messages: WireMessages, call: Call): Promise<void> {
    const metadata = this.#metadataOf(headers);
    const { deadline } = call;
    const remote = this.#grpc.makeBidiStreamRequest(path, passBytes, passBytes, metadata, { deadline });
    const toError = (error: ServiceError): AppError => this.#failure(remote, error);
    await carryStream(remote, messages, { call, runtime: this.#runtime, toError });
  }

  #sendUnary({ path, bytes, headers }: WireRequest, call: Call): Promise<Buffer> {
    const metadata = this.#metadataOf(headers);
    return new Promise((resolve, reject) => {
      const settle = (error: ServiceError | null, answer: Buffer | undefined): void => {
        leaveCall();
        if (error === null) resolve(answer ?? Buffer.alloc(0));
        else reject(this.#failure(remote, error));
      };
      const options = { deadline: call.deadline };
      const remote = this.#grpc.makeUnaryRequest(
        path,
        passBytes,
        passBytes,
        bytes,
        metadata,
        options,
        settle,
      );
      const leaveCall = call.onDone((error) => {
        // The library ends a call at its deadline itself, and then the balancer knows that the peer was slow.
        if (error.code !== "DEADLINE_EXCEEDED") remote.cancel();
      });
    });
  }

  #metadataOf(headers: CallHeaders): Metadata {
    const metadata = new Metadata({ waitForReady: this.#starting });
    showCredentials(metadata, this.#auth);
    for (const [name, value] of headers) metadata.set(name, value);
    return metadata;
  }

  #failure(remote: RemoteCall, error: ServiceError): AppError {
    const nobody = error.code === status.UNAVAILABLE && !this.#wasSent(remote);
    return nobody ? noPeer(this.#service, error) : fromServiceError(this.#service, error);
  }

  /** True where a call had a connection to go over: before that, the library names the target as its peer. */
  #wasSent(remote: RemoteCall): boolean {
    return remote.getPeer() !== this.#grpc.getChannel().getTarget();
  }

  /** Passes a result on; a call that ran out of time while there was no peer to reach found nobody. */
  async translate<T>(result: Promise<T>): Promise<T> {
    try {
      return await result;
    } catch (error) {
      // The library throws errors of its own only for a channel that was closed.
      const lost =
        !(error instanceof AppError) || (error.code === "DEADLINE_EXCEEDED" && this.#noPeerKnown());
      throw lost ? unavailable(this.#service, error) : error;
    }
  }

  #noPeerKnown(): boolean {
    return this.#starting || (this.#source.current() ?? []).length === 0;
  }

  close(): void {
    this.#startup.clear();
    this.#mux?.close();
    this.#grpc.close();
  }

  #openStream(peer: string): ClientDuplexStream<Buffer, Buffer> {
    return this.#grpc.makeBidiStreamRequest(MUX_PATH, passBytes, passBytes, this.#metadataFor(peer), {});
  }

  /** Of a call to one peer; to any where it is undefined. */
  #metadataFor(peer: string | undefined): Metadata {
    const metadata = new Metadata();
    showCredentials(metadata, this.#auth);
    if (peer !== undefined) metadata.set(PEER_HEADER, peer);
    return metadata;
  }
}

/** As the service configuration has it for unary calls: what no peer began, and what has no side effects. */
function mayBeSentAgain(request: WireRequest, error: unknown): boolean {
  if (error instanceof NotBegun) return true;
  return request.idempotent && error instanceof AppError && error.code === "UNAVAILABLE";
}

/** go-zero's text where a client must not wait for its peers (`NonBlock: false`). */
function notStarted(target: string, cause: Error): AppError {
  const service = target.slice(target.lastIndexOf("/") + 1).replace(/^.*[?&]key=/, "");
  const text = `rpc dial: ${target}, error: context deadline exceeded, make sure rpc service "${service}" is already started`;
  return new AppError("UNAVAILABLE", "PEER_NOT_STARTED", text, { cause });
}

function passBytes(bytes: Buffer): Buffer {
  return bytes;
}
