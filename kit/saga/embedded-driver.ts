import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { METHOD_MISSING } from "@mall/kit/resilience";
import { isRefusal } from "./is-refusal.ts";
import type { SagaStep } from "./saga.ts";
import type { SagaDriver } from "./saga-driver.ts";
import { SAGA_STATE, type SagaStore, type StoredSaga } from "./saga-store.ts";

/** Drives sagas from the service's own process, as far as their branches answer. */
export function createEmbeddedDriver(store: SagaStore): SagaDriver {
  return {
    drive: async (call, saga, steps, attempt) => {
      const isFirst = attempt === 1;
      const arrived =
        saga.state === SAGA_STATE.forward ? await goForward({ store, steps, isFirst }, call, saga) : saga;
      return arrived.state === SAGA_STATE.forward ? arrived : goBack(store, call, arrived, steps);
    },
  };
}

/** Does the steps that are not done, up to one that is refused. */
async function goForward(
  { store, steps, isFirst }: { store: SagaStore; steps: readonly SagaStep[]; isFirst: boolean },
  call: Call,
  saga: StoredSaga,
): Promise<StoredSaga> {
  let row = saga;
  for (const [index, step] of [...steps.entries()].slice(row.progress)) {
    const refusal = await refusalOf(
      step.action.call(call, branchInfo(row.gid, index, "action"), step.request),
    );
    // The refused step is taken back too: an earlier attempt at it may still be under way. Who has no such method has
    // none to take it back either, so that it must be certain that nobody else was asked before.
    const wasAsked = !isFirst || refusal?.reason !== METHOD_MISSING;
    if (refusal !== undefined) return store.turnBack(row, wasAsked ? index + 1 : index, refusal);
    // What follows the last step is the saga's end, which is stored anyway.
    if (index + 1 < steps.length) row = await store.advance(row, index + 1);
  }
  return row;
}

/** Takes back what was done, the last step first. */
async function goBack(
  store: SagaStore,
  call: Call,
  saga: StoredSaga,
  steps: readonly SagaStep[],
): Promise<StoredSaga> {
  let row = saga;
  for (const [index, step] of [...steps.entries()].slice(0, row.progress).reverse()) {
    await step.compensate.call(call, branchInfo(row.gid, index, "compensate"), step.request);
    if (index > 0) row = await store.advance(row, index);
  }
  return row;
}

/** Branches are numbered as DTM does it. */
function branchInfo(gid: string, index: number, op: "action" | "compensate") {
  return { gid, transType: "saga", branchId: String(index + 1).padStart(2, "0"), op };
}

/** What a branch refused with; undefined if it was done. Rejects where nobody knows. */
async function refusalOf(branch: Promise<void>): Promise<AppError | undefined> {
  try {
    await branch;
    return undefined;
  } catch (error) {
    if (error instanceof AppError && isRefusal(error)) return error;
    throw error;
  }
}
