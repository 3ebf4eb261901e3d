export { callerOf, isStaff, mayActFor, requireRole } from "./access.ts";
export { backgroundCall, Call, type Identity, ROLE, runWithTimeout } from "./call.ts";
export { type Runtime, systemRuntime, type Timer } from "./runtime.ts";
export { settleInOrder } from "./settle-in-order.ts";
