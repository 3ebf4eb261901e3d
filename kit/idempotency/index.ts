export { idempotencyKeyReused } from "./errors.ts";
export {
  type BeginWork,
  type Commit,
  type Committed,
  createIdempotency,
  type Idempotency,
  type Outcome,
} from "./idempotency.ts";
export { KEY_STATE } from "./idempotency-model.ts";
export { idempotencyMigrations } from "./model/gen/migrations.ts";
export { replayOr } from "./replay.ts";
export type { Answer } from "./stored-answer.ts";
