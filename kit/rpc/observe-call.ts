import { grpcStatusOf, toAppError } from "@mall/kit/errors";
import type { Observation, Observer, RpcCallInfo, RpcOutcome } from "@mall/kit/observe";
import type { Runtime } from "@mall/kit/runtime";
import {
  formatTraceparent,
  newTraceContext,
  readTraceHeaders,
  runInTrace,
  type TraceContext,
} from "@mall/kit/trace";
import type { CallHeaders } from "./wire-request.ts";

/** Serves a call in its place in the trace, and tells the observer how it ended; `bytesOf` measures the answer. */
export function serveObserved<Answer>(
  { observer, runtime }: { readonly observer: Observer; readonly runtime: Runtime },
  call: RpcCallInfo,
  serve: (trace: TraceContext | undefined) => Promise<Answer>,
  bytesOf: (answer: Answer) => number | undefined,
): Promise<Answer> {
  const observation = observer.rpcServer?.(call);
  if (observation === undefined) return serve(newTraceContext(runtime, call.parent));
  const answer = runInTrace(observation.trace, () => serve(observation.trace));
  return tellOutcome(observation, answer, bytesOf);
}

/** Tells the observer how a call ended, and passes its end on. */
export async function tellOutcome<Answer>(
  observation: Observation<RpcOutcome>,
  result: Promise<Answer>,
  bytesOf: (answer: Answer) => number | undefined,
): Promise<Answer> {
  try {
    const answer = await result;
    observation.end({ code: 0, responseBytes: bytesOf(answer) });
    return answer;
  } catch (error) {
    observation.end({ code: grpcStatusOf(toAppError(error).code), responseBytes: undefined });
    throw error;
  }
}

const NO_HEADERS: CallHeaders = [];

/** The caller's place in its trace, as the headers of its call tell it. */
export function readTrace(header: (name: string) => string | undefined): TraceContext | undefined {
  const traceparent = header("traceparent");
  if (traceparent === undefined) return undefined;
  return readTraceHeaders({ traceparent, tracestate: header("tracestate"), baggage: header("baggage") });
}

/** What tells the peer where its call stands in the trace. */
export function traceHeaders(trace: TraceContext | undefined): CallHeaders {
  if (trace === undefined) return NO_HEADERS;
  const headers: [string, string][] = [["traceparent", formatTraceparent(trace)]];
  if (trace.traceState !== undefined) headers.push(["tracestate", trace.traceState]);
  if (trace.baggage !== undefined) headers.push(["baggage", trace.baggage]);
  return headers;
}
