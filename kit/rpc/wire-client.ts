import { type Call, runWithTimeout } from "@mall/kit/call";
import { noopObserver, type Observer } from "@mall/kit/observe";
import { type Breakers, judgeCall, runBehind } from "@mall/kit/resilience";
import type { Runtime } from "@mall/kit/runtime";
import type { TraceContext } from "@mall/kit/trace";
import { attachmentsFor, withAttachments } from "./attachment-headers.ts";
import { tellOutcome, traceHeaders } from "./observe-call.ts";
import { internalError } from "./public-error.ts";
import { buildClient, type MethodDefinition, type ServiceDefinition, type UnaryMethod } from "./service.ts";
import { type ClientMethod, clientStream } from "./streams/client-stream.ts";
import type { WireMessages } from "./streams/messages.ts";
import type { CallHeaders, WireRequest } from "./wire-request.ts";

/** What a client needs to know, whatever carries its requests. */
export interface WireClientOptions<Client> {
  readonly definition: ServiceDefinition<Client>;
  /** The longest a call may take, in milliseconds; 0 for no limit but its parent's, which a stream never has. */
  readonly timeoutMs: number;
  readonly runtime: Runtime;
  /** Nobody by default. */
  readonly observer?: Observer;
  /** Puts a breaker before every method; none by default. */
  readonly breakers?: Breakers | undefined;
}

/** What carries a client's requests to its peers: connections, or what a simulation has instead. */
export interface Wire {
  /** Sends one request and gives the bytes of its answer. */
  send(request: WireRequest, call: Call): Promise<Buffer>;
  /**
   * Opens a stream, which ends with the call: sends the requests, hands each answer over before it reads the next.
   * Resolves when the peer has ended it well. Undefined for a wire that carries no streams.
   */
  stream?(path: string, headers: CallHeaders, messages: WireMessages, call: Call): Promise<void>;
  /** Passes the result of a call on, in the words of this way of carrying it. */
  translate<T>(result: Promise<T>): Promise<T>;
}

/** A client of a service whose requests go over `wire`. */
export function createWireClient<Client>(wire: Wire, options: WireClientOptions<Client>): Client {
  return buildClient(options.definition, (_property, method) =>
    method.stream === undefined ? remoteMethod(wire, method, options) : remoteStream(wire, method, options),
  );
}

function remoteMethod(
  wire: Wire,
  method: MethodDefinition,
  options: WireClientOptions<unknown>,
): UnaryMethod {
  const { definition, runtime, timeoutMs, observer = noopObserver } = options;
  const path = `/${definition.names[0]}/${method.name}`;
  const breaker = options.breakers?.create("rpc_client", path);
  const idempotent = method.idempotent === true;
  return async (parent, request) => {
    method.request.check(request);
    const bytes = method.request.encode(request);
    const send = (trace: TraceContext | undefined): Promise<Buffer> => {
      const headers = withAttachments(traceHeaders(trace), attachmentsFor(method, parent));
      const wireRequest = { path, bytes, headers, idempotent };
      const sent = (): Promise<Buffer> =>
        wire.translate(runWithTimeout(runtime, parent, timeoutMs, (call) => wire.send(wireRequest, call)));
      return breaker === undefined ? sent() : runBehind(breaker, judgeCall, sent);
    };
    if (observer.rpcClient === undefined) return decodeAnswer(method, await send(parent.trace));
    const info = { method: path, peer: undefined, parent: parent.trace, requestBytes: bytes.length };
    const observation = observer.rpcClient(info);
    const answer = await tellOutcome(observation, send(observation.trace), (buffer) => buffer.length);
    return decodeAnswer(method, answer);
  };
}

/** A stream has no timeout of its own, as in go-zero: it may last. It ends with its caller's call. */
function remoteStream(
  wire: Wire,
  method: MethodDefinition,
  { definition, runtime, observer = noopObserver, breakers }: WireClientOptions<unknown>,
): ClientMethod {
  const path = `/${definition.names[0]}/${method.name}`;
  const breaker = breakers?.create("rpc_client", path);
  return clientStream(method, async (parent, { requests, send }) => {
    const messages: WireMessages = {
      requests: encoded(method, requests),
      send: (bytes) => send(decodeAnswer(method, bytes)),
    };
    const carry = (trace: TraceContext | undefined): Promise<void> => {
      const headers = withAttachments(traceHeaders(trace), attachmentsFor(method, parent));
      const carried = (): Promise<void> =>
        wire.translate(
          runWithTimeout(runtime, parent, 0, async (call) => {
            if (wire.stream === undefined) throw internalError(new Error(`no way for the stream ${path}`));
            await wire.stream(path, headers, messages, call);
          }),
        );
      return breaker === undefined ? carried() : runBehind(breaker, judgeCall, carried);
    };
    if (observer.rpcClient === undefined) return carry(parent.trace);
    const info = { method: path, peer: undefined, parent: parent.trace, requestBytes: undefined };
    const observation = observer.rpcClient(info);
    return tellOutcome(observation, carry(observation.trace), () => undefined);
  });
}

async function* encoded(method: MethodDefinition, requests: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
  for await (const request of requests) yield method.request.encode(request);
}

/** An answer that cannot be read is the peer's fault, not the caller's. */
function decodeAnswer(method: MethodDefinition, answer: Buffer): unknown {
  try {
    return method.response.decode(answer);
  } catch (error) {
    throw internalError(error);
  }
}
