import { AppError } from "@mall/kit/errors";
import type { JsonObject } from "@mall/kit/jobs";
import { branchAnswer } from "@mall/kit/rpc";
import type { Database, RowTransaction } from "@mall/kit/store";
import { isRefusal } from "./branch.ts";
import type { SagaDefinition, SagaIdentity, SagaResult, SagaStep } from "./saga.ts";

/** A saga whose step works on the database that it ends in. */
interface WholeSaga<Payload extends JsonObject, Answer extends JsonObject, Request> {
  readonly definition: SagaDefinition<Payload, Answer, Request>;
  readonly saga: SagaIdentity<Payload>;
  readonly start: ((tx: RowTransaction) => Promise<void>) | undefined;
}

/** Carries the refusal of a step, as a coordinator would see it, out of the transaction. */
class StepRefused extends Error {
  readonly refusal: AppError;

  constructor(refusal: AppError) {
    super("a step of a saga was refused", { cause: refusal });
    this.name = "StepRefused";
    this.refusal = refusal;
  }
}

/**
 * Starts a saga, does its step and ends it in one transaction, so that there is nothing to drive or to undo. If the step
 * is refused, that transaction is rolled back and another one records the failure.
 *
 * @throws whatever `start` throws, and AppError if the outcome is unknown; there is no saga then.
 */
export async function decideAtOnce<Payload extends JsonObject, Answer extends JsonObject, Request>(
  database: Database,
  { definition, saga, start }: WholeSaga<Payload, Answer, Request>,
): Promise<SagaResult<Answer>> {
  try {
    return await database.share(async (tx) => {
      await start?.(tx);
      await doWithin(tx, definition.step(saga.payload));
      return { outcome: "succeeded", answer: await definition.succeed(tx, saga) };
    });
  } catch (error) {
    if (!(error instanceof StepRefused)) throw error;
    const { refusal } = error;
    await database.share(async (tx) => {
      await start?.(tx);
      await definition.fail(tx, saga, refusal);
    });
    return { outcome: "failed", error: refusal };
  }
}

async function doWithin<Request>(tx: RowTransaction, { action, request }: SagaStep<Request>): Promise<void> {
  if (action.within === undefined) throw new TypeError("a step of a saga cannot be done in its transaction");
  try {
    await action.within(tx, request);
  } catch (error) {
    const answer = error instanceof AppError ? branchAnswer(error) : undefined;
    throw answer !== undefined && isRefusal(answer) ? new StepRefused(answer) : error;
  }
}
