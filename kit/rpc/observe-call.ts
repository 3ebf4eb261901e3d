import type { Metadata } from "@grpc/grpc-js";
import {
  formatTraceparent,
  newTraceContext,
  type Runtime,
  readTraceHeaders,
  runInTrace,
  type TraceContext,
} from "@mall/kit/context";
import { grpcStatusOf, toAppError } from "@mall/kit/errors";
import type { Observation, Observer, RpcCallInfo, RpcOutcome } from "@mall/kit/observe";

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

/** The caller's place in its trace, as its metadata tells it. */
export function readTrace(metadata: Metadata): TraceContext | undefined {
  const traceparent = textOf(metadata, "traceparent");
  if (traceparent === undefined) return undefined;
  return readTraceHeaders({
    traceparent,
    tracestate: textOf(metadata, "tracestate"),
    baggage: textOf(metadata, "baggage"),
  });
}

/** Tells the peer where its call stands in the trace. */
export function sendTrace(metadata: Metadata, trace: TraceContext | undefined): void {
  if (trace === undefined) return;
  metadata.set("traceparent", formatTraceparent(trace));
  if (trace.traceState !== undefined) metadata.set("tracestate", trace.traceState);
  if (trace.baggage !== undefined) metadata.set("baggage", trace.baggage);
}

function textOf(metadata: Metadata, key: string): string | undefined {
  const [value] = metadata.get(key);
  return typeof value === "string" ? value : undefined;
}
