import type { Call } from "@mall/kit/call";
import type { AppError } from "@mall/kit/errors";
import type { JsonObject } from "@mall/kit/jobs";
import type { RowTransaction } from "@mall/kit/store";
import type { Branch } from "./branch.ts";

/** One step of a saga and what takes it back; both are given the same request. */
export interface SagaStep<Request = unknown> {
  readonly action: Branch<Request>;
  /** Also called where nobody knows whether the action was done. */
  readonly compensate: Branch<Request>;
  readonly request: Request;
  /** What the action may refuse with, for callers to learn its reason: DTM passes on no more than its text. */
  readonly refusals?: () => readonly AppError[];
}

/** A step with its message type forgotten, to stand in a list with others. */
export function sagaStep<Request>(step: SagaStep<Request>): SagaStep {
  return step as unknown as SagaStep;
}

/** Identifies a saga to its definition. */
export interface SagaIdentity<Payload> {
  readonly gid: string;
  readonly payload: Payload;
}

/**
 * A transaction over several services: steps that are done one after the other, and taken back from the last to the
 * first if one is refused.
 */
export interface SagaDefinition<Payload extends JsonObject, Answer extends JsonObject> {
  /** Unique in the service and stored, so that a process finds it again after a crash; up to 64 characters. */
  readonly kind: string;
  /**
   * Whether it is decided at once, in one transaction with its steps, so that no row stands for it: where each step
   * has a `within`, and no second saga has the same gid.
   */
  readonly isAtOnce?: boolean;
  /** The steps; the same for the same payload, whenever they are asked for. */
  steps(payload: Payload): readonly SagaStep[];
  /** What the service itself does once all steps are done, in the transaction that ends the saga. */
  succeed(tx: RowTransaction, saga: SagaIdentity<Payload>): Promise<Answer>;
  /** The same once all is taken back. */
  fail(tx: RowTransaction, saga: SagaIdentity<Payload>, error: AppError): Promise<void>;
}

/** How a saga stands when nobody waits for it any longer. */
export type SagaResult<Answer> =
  | { readonly outcome: "succeeded"; readonly answer: Answer }
  /** All is taken back; `error` is what the step refused with. */
  | { readonly outcome: "failed"; readonly error: AppError }
  /** It goes on. */
  | { readonly outcome: "unknown" };

/** Sagas of one kind. */
export interface Saga<Payload extends JsonObject, Answer extends JsonObject> {
  /**
   * Starts a saga, in one transaction with `start`, and waits for its end as long as the call has time. Once started
   * it ends, whatever becomes of the call and of this process.
   *
   * @throws DuplicateKeyError where there is one with this gid; and whatever `start` throws: then there is none.
   */
  run(
    call: Call,
    saga: SagaIdentity<Payload> & { readonly start?: (tx: RowTransaction) => Promise<void> },
  ): Promise<SagaResult<Answer>>;
}

/** Drives the sagas of one service. */
export interface Coordinator {
  /** Makes a kind of saga known; all before the process serves. */
  define<Payload extends JsonObject, Answer extends JsonObject>(
    definition: SagaDefinition<Payload, Answer>,
  ): Saga<Payload, Answer>;
}
