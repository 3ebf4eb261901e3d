import type { Call } from "@mall/kit/call";
import type { SagaStep } from "./saga.ts";
import type { StoredSaga } from "./saga-store.ts";

/** Sees to it that the steps of a saga are done, or all taken back. */
export interface SagaDriver {
  /**
   * Resolves when one or the other is the case: going forward and all is done, or with an error and all is taken
   * back. Rejects where nobody can say yet; then it is to be called again, with the next number of `attempt`, which
   * counts from 1.
   */
  drive(call: Call, saga: StoredSaga, steps: readonly SagaStep[], attempt: number): Promise<StoredSaga>;
}
