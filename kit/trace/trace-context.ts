import type { Runtime } from "@mall/kit/runtime";

/** Where a piece of work stands in a trace, and what its callers said along (W3C Trace Context and Baggage). */
export interface TraceContext {
  /** 32 hexadecimal digits, the same for everything one request causes. */
  readonly traceId: string;
  /** 16 hexadecimal digits, of this piece of work. */
  readonly spanId: string;
  /** Whether the trace is recorded. */
  readonly sampled: boolean;
  /** The `tracestate` header, handed on as it came. */
  readonly traceState: string | undefined;
  /** The `baggage` header, handed on as it came. */
  readonly baggage: string | undefined;
}

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;

/** Ids cost more than most requests need them for: they are made when somebody asks. */
class LazyTraceContext implements TraceContext {
  readonly #runtime: Runtime;
  readonly #parent: TraceContext | undefined;
  #traceId: string | undefined;
  #spanId: string | undefined;

  constructor(runtime: Runtime, parent: TraceContext | undefined) {
    this.#runtime = runtime;
    this.#parent = parent;
  }

  get traceId(): string {
    this.#traceId ??= this.#parent?.traceId ?? randomHex(this.#runtime, TRACE_ID_BYTES);
    return this.#traceId;
  }

  get spanId(): string {
    this.#spanId ??= randomHex(this.#runtime, SPAN_ID_BYTES);
    return this.#spanId;
  }

  /** Without a tracer nothing begins to be recorded here; what a caller records goes on. */
  get sampled(): boolean {
    return this.#parent?.sampled ?? false;
  }

  get traceState(): string | undefined {
    return this.#parent?.traceState;
  }

  get baggage(): string | undefined {
    return this.#parent?.baggage;
  }
}

/** A piece of work of its own in the trace of `parent`, or in a new one. */
export function newTraceContext(runtime: Runtime, parent?: TraceContext): TraceContext {
  return new LazyTraceContext(runtime, parent);
}

/** The ids as a log line carries them, for lines that may be written outside of runInTrace. */
export function traceFields(trace: TraceContext | undefined): {
  readonly trace?: string;
  readonly span?: string;
} {
  return trace === undefined ? {} : { trace: trace.traceId, span: trace.spanId };
}

function randomHex(runtime: Runtime, bytes: number): string {
  return Buffer.from(runtime.randomBytes(bytes)).toString("hex");
}
