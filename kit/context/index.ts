export { backgroundCall, Call, type Identity, ROLE, runWithTimeout } from "./call.ts";
export { type Runtime, systemRuntime, type Timer } from "./runtime.ts";
