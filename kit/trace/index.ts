export { activeTrace, runInTrace } from "./active-trace.ts";
export { newTraceContext, type TraceContext, traceFields } from "./trace-context.ts";
export { formatTraceparent, readTraceHeaders, type TraceHeaders } from "./trace-headers.ts";
