export { callerOf, isStaff, mayActFor, requireRole } from "./access.ts";
export { activeTrace, runInTrace } from "./active-trace.ts";
export {
  type Attachments,
  type BranchInfo,
  backgroundCall,
  Call,
  type Identity,
  ROLE,
  runWithAttachments,
  runWithTimeout,
} from "./call.ts";
export { type IdempotencyKey, isIdempotencyKey } from "./idempotency-key.ts";
export { type Runtime, systemRuntime, type Timer } from "./runtime.ts";
export { settleInOrder } from "./settle-in-order.ts";
export { newTraceContext, type TraceContext, traceFields } from "./trace-context.ts";
export { formatTraceparent, readTraceHeaders, type TraceHeaders } from "./trace-headers.ts";
