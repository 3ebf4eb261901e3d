import { once } from "node:events";
import type { ClientDuplexStream, ServerDuplexStream, ServiceError, StatusObject } from "@grpc/grpc-js";
import { Call } from "@mall/kit/call";
import { cancelled, toAppError } from "@mall/kit/errors";
import type { Runtime } from "@mall/kit/runtime";
import { toGrpcStatus } from "../status.ts";
import type { WireMessages } from "./messages.ts";
import { messagesUntilEnded } from "./until-ended.ts";
import type { WireStream } from "./wire-stream.ts";

/**
 * Serves a method on streams of the library. All kinds come as streams in both directions, which on the wire they are
 * (github.com/grpc/grpc, doc/PROTOCOL-HTTP2.md).
 */
export function streamHandler(
  serve: WireStream,
  runtime: Runtime,
): (stream: ServerDuplexStream<Buffer, Buffer>) => void {
  return (stream) => {
    const gone = new Call();
    stream.once("cancelled", () => gone.cancel());
    const served = serve({
      requests: requestsOf(stream, { gone, runtime }),
      send: (bytes) => write(stream, bytes, gone),
      deadline: Number(stream.getDeadline()),
      peer: stream.getPeer(),
      header: (name) => stream.metadata.get(name)[0]?.toString(),
      onCancelled: (listener) => void gone.onDone(listener),
    });
    served.then(
      () => stream.end(),
      // The library sends what its stream fails with.
      (error: unknown) => stream.emit("error", toGrpcStatus(toAppError(error))),
    );
  };
}

interface CarriedCall {
  readonly call: Call;
  readonly runtime: Runtime;
  /** What a status that is not OK means. */
  readonly toError: (error: ServiceError) => Error;
}

/** Carries the messages of a client over a stream of the library; resolves when that has ended well. */
export async function carryStream(
  stream: ClientDuplexStream<Buffer, Buffer>,
  { requests, send }: WireMessages,
  { call, runtime, toError }: CarriedCall,
): Promise<void> {
  const ended = endOf(stream, toError);
  const open = new Call();
  const leave = call.onDone((error) => {
    open.end(error);
    // The library ends a call at its deadline itself, and then the balancer knows that the peer was slow.
    if (error.code !== "DEADLINE_EXCEEDED") stream.cancel();
  });
  writeAll(stream, messagesUntilEnded(open, requests), { open, runtime }).catch(() => stream.cancel());
  try {
    for await (const bytes of answersOf(stream)) await send(bytes);
  } catch (error) {
    stream.cancel();
    throw error;
  } finally {
    leave();
    open.cancel();
  }
  await ended;
}

/** Settles with the status of a stream. */
function endOf(stream: ClientDuplexStream<Buffer, Buffer>, toError: CarriedCall["toError"]): Promise<void> {
  // Each of them is told as a status too.
  stream.on("error", () => {});
  const ended = new Promise<void>((resolve, reject) => {
    stream.once("status", (status: StatusObject) => {
      if (status.code === 0) resolve();
      else reject(toError(Object.assign(new Error(status.details), status)));
    });
  });
  ended.catch(() => {
    // Whoever waits for the end learns of it; a stream that was given up has nobody who does.
  });
  return ended;
}

/** How many requests are written before the event loop goes on. */
const WRITTEN_AT_ONCE = 16;

async function writeAll(
  stream: ClientDuplexStream<Buffer, Buffer>,
  requests: AsyncIterable<Buffer>,
  { open, runtime }: { readonly open: Call; readonly runtime: Runtime },
): Promise<void> {
  let count = 0;
  for await (const bytes of requests) {
    await write(stream, bytes, open);
    count += 1;
    // The library takes a megabyte before it says that it has enough, as it may have to send all of it again.
    if (count % WRITTEN_AT_ONCE === 0) await nextTurn(runtime);
  }
  stream.end();
}

function nextTurn(runtime: Runtime): Promise<void> {
  return new Promise((resolve) => runtime.setImmediate(resolve));
}

type RawStream = ServerDuplexStream<Buffer, Buffer> | ClientDuplexStream<Buffer, Buffer>;

/** Resolves when there is room for more; rejects when the stream is over. */
async function write(stream: RawStream, bytes: Buffer, open: Call): Promise<void> {
  open.throwIfDone();
  if (stream.write(bytes)) return;
  try {
    await once(stream, "drain", { signal: open.signal });
  } catch {
    throw open.error ?? cancelled();
  }
}

/**
 * How long an end of the requests waits to be believed, milliseconds: Node's HTTP/2 clients end a stream that they
 * cancel, and reset it right after that.
 */
const END_BELIEVED_MS = 20;

/** The requests of a stream. Nobody shall take what has come until it broke off for all that there is. */
async function* requestsOf(
  stream: ServerDuplexStream<Buffer, Buffer>,
  { gone, runtime }: { readonly gone: Call; readonly runtime: Runtime },
): AsyncGenerator<Buffer> {
  try {
    yield* messagesOf(stream);
  } catch {
    gone.cancel();
  }
  await new Promise<void>((resolve) => void runtime.setTimer(resolve, END_BELIEVED_MS));
  // What came meanwhile is read before the next turn.
  await nextTurn(runtime);
  gone.throwIfDone();
}

/** The answers of a stream until its end, be it good or bad, which its status tells. */
async function* answersOf(stream: ClientDuplexStream<Buffer, Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* messagesOf(stream);
  } catch {
    return;
  }
}

/** Who stops reading may still write. */
function messagesOf(stream: RawStream): AsyncIterable<Buffer> {
  return stream.iterator({ destroyOnReturn: false });
}
