export {
  type Actor,
  type Attachments,
  type BranchInfo,
  backgroundCall,
  Call,
  type CallContext,
  type Identity,
  runWithAttachments,
} from "./call.ts";
export { CallTimeout } from "./call-timeout.ts";
export { type IdempotencyKey, isIdempotencyKey } from "./idempotency-key.ts";
export { runChild, runWithTimeout } from "./run-with-timeout.ts";
