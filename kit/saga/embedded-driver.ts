import type { BranchInfo, Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { METHOD_MISSING } from "@mall/kit/resilience";
import { isRefusal } from "./branch.ts";
import type { SagaStep } from "./saga.ts";
import { SAGA_STATE, type SagaStore, type StoredSaga } from "./saga-store.ts";

/** Brings a saga to the point where it can be ended. */
export interface SagaDriver {
  /**
   * Resolves with the saga going forward once its step is done, or going back, with an error, once it is undone. Rejects
   * as long as that is unknown; it is then to be called again with the next number of `attempt`, which counts from 1.
   */
  drive(call: Call, saga: StoredSaga, step: SagaStep, attempt: number): Promise<StoredSaga>;
}

/** Drives sagas from the service's own process. */
export function createEmbeddedDriver(store: SagaStore): SagaDriver {
  return {
    drive: async (call, saga, step, attempt) => {
      const isForward = saga.state === SAGA_STATE.forward;
      const row = isForward ? await goForward(store, call, saga, { step, isFirst: attempt === 1 }) : saga;
      if (row.state === SAGA_STATE.back && row.progress > 0) {
        await step.compensate.call(call, branchInfo(row.gid, "compensate"), step.request);
      }
      return row;
    },
  };
}

/** Does the step; if it is refused, the saga turns back. */
async function goForward(
  store: SagaStore,
  call: Call,
  saga: StoredSaga,
  { step, isFirst }: { readonly step: SagaStep; readonly isFirst: boolean },
): Promise<StoredSaga> {
  const refusal = await refusalOf(step.action.call(call, branchInfo(saga.gid, "action"), step.request));
  if (refusal === undefined) return saga;
  // A refused step is compensated too, since an earlier attempt may still be under way. Only if the very first attempt
  // found no such method, nothing can have been done, and there is no method to undo it either.
  const mayTakeEffect = !isFirst || refusal.reason !== METHOD_MISSING;
  return store.turnBack(saga, mayTakeEffect ? 1 : 0, refusal);
}

/** The branch of a saga's step, numbered as DTM numbers the first one. */
function branchInfo(gid: string, op: "action" | "compensate"): BranchInfo {
  return { gid, transType: "saga", branchId: "01", op };
}

/** The refusal of a branch; undefined if it was done. Rejects if that is unknown. */
async function refusalOf(branch: Promise<void>): Promise<AppError | undefined> {
  try {
    await branch;
    return undefined;
  } catch (error) {
    if (error instanceof AppError && isRefusal(error)) return error;
    throw error;
  }
}
