import type { TraceContext } from "./trace-context.ts";

/** The headers of W3C Trace Context and Baggage, in HTTP and in gRPC metadata. */
export interface TraceHeaders {
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
  readonly baggage?: string | undefined;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const NO_TRACE = "0".repeat(32);
const NO_SPAN = "0".repeat(16);
const SAMPLED_FLAG = 1;

/** Longest values that are handed on; the specifications ask for at least 512 and 8192 characters. */
const TRACESTATE_LENGTH_MAX = 512;
const BAGGAGE_LENGTH_MAX = 8192;
/** What may stand in a header anywhere: gRPC refuses to send anything else. */
const PRINTABLE = /^[\x20-\x7e]+$/;

/** The caller's place in its trace; undefined where `traceparent` is missing or malformed. */
export function readTraceHeaders(headers: TraceHeaders): TraceContext | undefined {
  if (headers.traceparent === undefined) return undefined;
  const match = TRACEPARENT.exec(headers.traceparent);
  if (match === null) return undefined;
  const [, version, traceId = "", spanId = "", flags = "", rest] = match;
  if (version === "ff" || traceId === NO_TRACE || spanId === NO_SPAN) return undefined;
  if (version === "00" && rest !== undefined) return undefined;
  return {
    traceId,
    spanId,
    sampled: (Number.parseInt(flags, 16) & SAMPLED_FLAG) !== 0,
    traceState: handedOn(headers.tracestate, TRACESTATE_LENGTH_MAX),
    baggage: handedOn(headers.baggage, BAGGAGE_LENGTH_MAX),
  };
}

function handedOn(value: string | undefined, lengthMax: number): string | undefined {
  if (value === undefined || value.length > lengthMax || !PRINTABLE.test(value)) return undefined;
  return value;
}

/** The `traceparent` header that makes the receiver's work a child of this. */
export function formatTraceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? "01" : "00"}`;
}
