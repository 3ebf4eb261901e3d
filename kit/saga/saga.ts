import type { Call } from "@mall/kit/call";
import type { AppError } from "@mall/kit/errors";
import type { JsonObject } from "@mall/kit/jobs";
import type { RowTransaction } from "@mall/kit/store";
import type { Branch } from "./branch.ts";

/** What a saga does in another service, and what undoes it. Both branches get the same request. */
export interface SagaStep<Request = unknown> {
  readonly action: Branch<Request>;
  /** Also called if it is unknown whether the action took effect. */
  readonly compensate: Branch<Request>;
  readonly request: Request;
  /** The refusals of the action that callers tell apart: a DTM server passes on only their text. */
  readonly refusals?: () => readonly AppError[];
}

/** Identifies a saga to its definition. */
export interface SagaIdentity<Payload> {
  readonly gid: string;
  readonly payload: Payload;
}

/**
 * A transaction over two services: first the step in the other service, then the saga's end in this one. If the step is
 * refused, it is compensated, since an earlier attempt at it may still take effect.
 */
export interface SagaDefinition<Payload extends JsonObject, Answer extends JsonObject, Request = unknown> {
  /** Unique in the service. Stored with each saga, so that it can be resumed after a crash. Up to 64 characters. */
  readonly kind: string;
  /**
   * Whether the saga is decided in one transaction with its step, without a row of its own. Requires a step with
   * `within`, and a gid that no other saga has.
   */
  readonly isAtOnce?: boolean;
  /** The step; must be the same each time it is derived from the same payload. */
  step(payload: Payload): SagaStep<Request>;
  /** The service's own part once the step is done, in the transaction that ends the saga. */
  succeed(tx: RowTransaction, saga: SagaIdentity<Payload>): Promise<Answer>;
  /** The same if the step was refused and has been undone. */
  fail(tx: RowTransaction, saga: SagaIdentity<Payload>, error: AppError): Promise<void>;
}

/** The state of a saga when its caller stops waiting. */
export type SagaResult<Answer> =
  | { readonly outcome: "succeeded"; readonly answer: Answer }
  /** The step was refused with `error`, and has been undone. */
  | { readonly outcome: "failed"; readonly error: AppError }
  /** The saga is still running. */
  | { readonly outcome: "unknown" };

/** Sagas of one kind. */
export interface Saga<Payload extends JsonObject, Answer extends JsonObject> {
  /**
   * Starts a saga in one transaction with `start`, and waits for its end as long as the call has time. Once started, it
   * runs to its end, whatever happens to the call and to this process.
   *
   * @throws DuplicateKeyError if there is a saga with this gid; whatever `start` throws, in which case there is no saga.
   */
  run(
    call: Call,
    saga: SagaIdentity<Payload> & { readonly start?: (tx: RowTransaction) => Promise<void> },
  ): Promise<SagaResult<Answer>>;
}

/** Runs the sagas of one service. */
export interface Coordinator {
  /** Defines a kind of saga. All must be defined before the process serves. */
  define<Payload extends JsonObject, Answer extends JsonObject, Request>(
    definition: SagaDefinition<Payload, Answer, Request>,
  ): Saga<Payload, Answer>;
}
