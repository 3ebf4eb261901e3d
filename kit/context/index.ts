export { callerOf, isStaff, mayActFor, requireRole } from "./access.ts";
export { activeTrace, runInTrace } from "./active-trace.ts";
export { createBatcher } from "./batcher.ts";
export {
  type Attachments,
  type BranchInfo,
  backgroundCall,
  Call,
  type CallContext,
  type Identity,
  ROLE,
  runWithAttachments,
} from "./call.ts";
export { CallTimeout } from "./call-timeout.ts";
export {
  type ClockSkew,
  measureSkew,
  SKEW_MS_MAX,
  SKEW_MS_WARN,
  skewText,
  surelyOff,
} from "./clock-skew.ts";
export { heldFor } from "./held-for.ts";
export { type IdempotencyKey, isIdempotencyKey } from "./idempotency-key.ts";
export { runWithTimeout } from "./run-with-timeout.ts";
export { type Runtime, systemRuntime, type Timer } from "./runtime.ts";
export { settleInOrder } from "./settle-in-order.ts";
export { newTraceContext, type TraceContext, traceFields } from "./trace-context.ts";
export { formatTraceparent, readTraceHeaders, type TraceHeaders } from "./trace-headers.ts";
