import { Call } from "@mall/kit/call";
import { invalidArgument } from "@mall/kit/errors";
import type { Observer } from "@mall/kit/observe";
import type { Runtime } from "@mall/kit/runtime";
import { ASK_HEADER } from "./ask-method.ts";
import { readAttachments } from "./attachment-headers.ts";
import { readTrace, serveObserved } from "./observe-call.ts";
import type { MethodDefinition, UnaryMethod } from "./service.ts";

/** A call as it arrived, in the unary or the multiplexed form. */
export interface IncomingCall {
  readonly request: Buffer;
  /** Milliseconds since the Unix epoch; Infinity for none. */
  readonly deadline: number;
  /** `address:port` of the caller. */
  readonly peer: string;
  /** The value of a header that came with the call, if one did. */
  header(name: string): string | undefined;
  /** Calls `listener` when nobody waits for the answer any more. */
  onCancelled(listener: () => void): void;
}

/** A method as the wire sees it. Both forms of a call lead here, and nothing that calls must pass lies before. */
export type WireMethod = (incoming: IncomingCall) => Promise<Buffer>;

/** A served method for the wire: bytes become messages and back, and the observer learns of every call. */
export function wireMethod(
  path: string,
  method: MethodDefinition,
  serve: UnaryMethod,
  watch: { readonly observer: Observer; readonly runtime: Runtime },
): WireMethod {
  return (incoming) => {
    if (incoming.header(ASK_HEADER) !== undefined) {
      return Promise.reject(invalidArgument("request", "is no message: the method is there"));
    }
    const { request, deadline, peer } = incoming;
    const info = { method: path, peer, parent: readTrace(incoming.header), requestBytes: request.length };
    return serveObserved(
      watch,
      info,
      async (trace) => {
        const call = new Call({ deadline, trace, ...readAttachments(method, incoming.header) });
        incoming.onCancelled(() => call.cancel());
        return method.response.encode(await serve(call, method.request.decode(request)));
      },
      (bytes) => bytes.length,
    );
  };
}
