export { idempotencyKeyReused } from "./errors.ts";
export {
  type CommitEffect,
  createIdempotency,
  type Idempotency,
  type Operation,
  type SaveAnswer,
} from "./idempotency.ts";
export { KEY_STATE } from "./idempotency-model.ts";
export { idempotencyMigrations } from "./model/gen/migrations.ts";
export { replayOr } from "./replay.ts";
export type { Answer } from "./stored-answer.ts";
