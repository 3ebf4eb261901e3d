import { AppError } from "@mall/kit/errors";
import type { JsonObject } from "@mall/kit/jobs";
import { branchAnswer } from "@mall/kit/rpc";
import type { Database, RowTransaction } from "@mall/kit/store";
import { isRefusal } from "./is-refusal.ts";
import type { SagaDefinition, SagaIdentity, SagaResult, SagaStep } from "./saga.ts";

/** A saga whose steps stand on the database that it ends in. */
interface WholeSaga<Payload extends JsonObject, Answer extends JsonObject> {
  readonly definition: SagaDefinition<Payload, Answer>;
  readonly saga: SagaIdentity<Payload>;
  readonly start: ((tx: RowTransaction) => Promise<void>) | undefined;
}

/** Why a step was refused, as its coordinator sees it. */
class StepRefused extends Error {
  readonly refusal: AppError;

  constructor(refusal: AppError) {
    super("a step of a saga was refused", { cause: refusal });
    this.name = "StepRefused";
    this.refusal = refusal;
  }
}

/**
 * Starts a saga, does its steps and ends it in one transaction: either all of it has happened or nothing, so there is
 * nothing to drive and nothing to take back. What is refused is written down in a transaction that holds no more.
 *
 * @throws whatever `start` throws, and AppError where nobody knows: then there is no saga.
 */
export async function decideAtOnce<Payload extends JsonObject, Answer extends JsonObject>(
  database: Database,
  { definition, saga, start }: WholeSaga<Payload, Answer>,
): Promise<SagaResult<Answer>> {
  try {
    return await database.share(async (tx) => {
      await start?.(tx);
      for (const step of definition.steps(saga.payload)) await doWithin(tx, step);
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

async function doWithin(tx: RowTransaction, { action, request }: SagaStep): Promise<void> {
  if (action.within === undefined) throw new TypeError("a step of a saga cannot be done in its transaction");
  try {
    await action.within(tx, request);
  } catch (error) {
    const answer = error instanceof AppError ? branchAnswer(error) : undefined;
    throw answer !== undefined && isRefusal(answer) ? new StepRefused(answer) : error;
  }
}
