import { credentials, Client as GrpcClient, Metadata, type ServiceError } from "@grpc/grpc-js";
import { type Call, type Runtime, runWithTimeout } from "@mall/kit/context";
import { AppError } from "@mall/kit/errors";
import { MESSAGE_BYTES_MAX } from "./message.ts";
import { buildClient, type MethodDefinition, type ServiceDefinition, type UnaryMethod } from "./service.ts";
import { staticTarget } from "./static-resolver.ts";
import { fromServiceError, internalError, unavailable } from "./status.ts";

export interface RpcClientOptions<Client> {
  readonly definition: ServiceDefinition<Client>;
  /** `host:port` of every peer; calls go to them in turn. */
  readonly endpoints: readonly string[];
  /** The longest a call may take, in milliseconds; 0 for no limit but its parent's. */
  readonly timeoutMs: number;
  readonly runtime: Runtime;
}

/** A client and the connections behind it. */
export interface RpcConnection<Client> {
  readonly client: Client;
  /** Ends the connections; calls under way fail. */
  close(): void;
}

/**
 * How long after its start a client waits for peers it has never reached. Services of one system start
 * in any order, so at first a refused connection means "not yet", and calls wait within their own
 * deadline; later it means "down", and callers are told at once.
 */
const STARTUP_MS = 10_000;

const CHANNEL_OPTIONS = {
  "grpc.service_config": JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
  // A restarted peer is found again within a second.
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 1_000,
  // A peer that vanished without closing is noticed while calls wait for it. Pings go out only during
  // calls, which Go's servers allow at this pace.
  "grpc.keepalive_time_ms": 10_000,
  "grpc.keepalive_timeout_ms": 3_000,
  "grpc.max_receive_message_length": MESSAGE_BYTES_MAX,
  // Peers are inside: a proxy set in the environment is for the outside.
  "grpc.enable_http_proxy": 0,
};

/**
 * Connects to the peers of a service (plain text HTTP/2) and gives a client that calls them in turn.
 * Connecting goes on in the background; a call that finds no peer fails with UNAVAILABLE.
 *
 * @throws AppError INVALID_ARGUMENT for no endpoint, or one that is not `host:port`.
 */
export function connectRpcClient<Client>(options: RpcClientOptions<Client>): RpcConnection<Client> {
  const channel = new RpcChannel(options.definition.names[0], options.endpoints, options.runtime);
  const client = buildClient(options.definition, (_property, method) =>
    remoteMethod(channel, method, options),
  );
  return { client, close: () => channel.close() };
}

function remoteMethod(
  channel: RpcChannel,
  method: MethodDefinition,
  options: { readonly runtime: Runtime; readonly timeoutMs: number },
): UnaryMethod {
  const { runtime, timeoutMs } = options;
  return async (parent, request) => {
    method.request.check(request);
    const bytes = method.request.encode(request);
    const answer = await channel.translate(
      runWithTimeout(runtime, parent, timeoutMs, (call) => channel.send(method.name, bytes, call)),
    );
    return decodeAnswer(method, answer);
  };
}

/** An answer that cannot be read is the peer's fault, not the caller's. */
function decodeAnswer(method: MethodDefinition, answer: Buffer): unknown {
  try {
    return method.response.decode(answer);
  } catch (error) {
    throw internalError(error);
  }
}

class RpcChannel {
  readonly #service: string;
  readonly #grpc: GrpcClient;
  /** True until a peer was reached for the first time or STARTUP_MS passed. */
  #starting = true;

  constructor(service: string, endpoints: readonly string[], runtime: Runtime) {
    this.#service = service;
    this.#grpc = new GrpcClient(staticTarget(endpoints), credentials.createInsecure(), CHANNEL_OPTIONS);
    const timer = runtime.setTimer(() => {
      this.#starting = false;
    }, STARTUP_MS);
    this.#grpc.waitForReady(Number.POSITIVE_INFINITY, () => {
      this.#starting = false;
      timer.clear();
    });
  }

  /** Sends one request and gives the bytes of its answer. */
  send(method: string, request: Buffer, call: Call): Promise<Buffer> {
    const path = `/${this.#service}/${method}`;
    const metadata = new Metadata({ waitForReady: this.#starting });
    return new Promise((resolve, reject) => {
      const settle = (error: ServiceError | null, answer: Buffer | undefined): void => {
        leaveCall();
        if (error !== null) reject(fromServiceError(this.#service, error));
        else resolve(answer ?? Buffer.alloc(0));
      };
      const options = { deadline: call.deadline };
      const remote = this.#grpc.makeUnaryRequest(
        path,
        passBytes,
        passBytes,
        request,
        metadata,
        options,
        settle,
      );
      const leaveCall = call.onDone(() => remote.cancel());
    });
  }

  /** Passes a result on; a call that ran out of time before any peer was ever reached found nobody. */
  async translate<T>(result: Promise<T>): Promise<T> {
    try {
      return await result;
    } catch (error) {
      // The library throws errors of its own only for a channel that was closed.
      const lost = !(error instanceof AppError) || (this.#starting && error.code === "DEADLINE_EXCEEDED");
      throw lost ? unavailable(this.#service, error) : error;
    }
  }

  close(): void {
    this.#grpc.close();
  }
}

function passBytes(bytes: Buffer): Buffer {
  return bytes;
}
