import { Call } from "@mall/kit/call";
import { invalidArgument } from "@mall/kit/errors";
import type { Observer } from "@mall/kit/observe";
import { type Breaker, judgeCall, runBehind } from "@mall/kit/resilience";
import type { Runtime } from "@mall/kit/runtime";
import { ASK_HEADER } from "../ask-method.ts";
import { readAttachments } from "../attachment-headers.ts";
import { readTrace, serveObserved } from "../observe-call.ts";
import type { MethodDefinition } from "../service.ts";
import type { IncomingCall } from "../wire-method.ts";
import type { WireMessages } from "./messages.ts";
import type { ServedStream } from "./serve-stream.ts";

/** A stream as it arrived. */
type IncomingStream = Omit<IncomingCall, "request"> & WireMessages;

/** A streaming method as the wire sees it; resolves when the stream has ended well. */
export type WireStream = (incoming: IncomingStream) => Promise<void>;

interface WatchStream {
  readonly observer: Observer;
  readonly runtime: Runtime;
  /** None: streams are opened however many fail. As in go-zero, no stream is refused because the process is busy. */
  readonly breaker: Breaker | undefined;
}

/** A served stream for the wire: bytes become messages and back, and the observer learns of its whole length. */
export function wireStream(
  path: string,
  method: MethodDefinition,
  serve: ServedStream,
  { breaker, ...watch }: WatchStream,
): WireStream {
  return async (incoming) => {
    if (incoming.header(ASK_HEADER) !== undefined) {
      throw invalidArgument("request", "is no message: the method is there");
    }
    const { deadline, peer } = incoming;
    const info = { method: path, peer, parent: readTrace(incoming.header), requestBytes: undefined };
    const messages = {
      requests: decoded(method, incoming.requests),
      send: async (answer: unknown) => incoming.send(method.response.encode(answer)),
    };
    await serveObserved(
      watch,
      info,
      (trace) => {
        const serveIt = async (): Promise<void> => {
          const call = new Call({ deadline, trace, ...readAttachments(method, incoming.header) });
          incoming.onCancelled(() => call.cancel());
          await serve(call, messages);
        };
        return breaker === undefined ? serveIt() : runBehind(breaker, judgeCall, serveIt);
      },
      () => undefined,
    );
  };
}

async function* decoded(method: MethodDefinition, requests: AsyncIterable<Buffer>): AsyncGenerator<unknown> {
  for await (const bytes of requests) yield method.request.decode(bytes);
}
