import type { Call } from "@mall/kit/call";
import type { JsonObject } from "@mall/kit/jobs";
import type { Runtime } from "@mall/kit/runtime";
import type { SagaResult } from "./saga.ts";

/** So long before its deadline a caller stops waiting, milliseconds: enough to read a row and to answer. */
const ANSWER_MS = 200;
/** How long a caller without a deadline waits. */
const WAIT_MS_MAX = 10_000;

/** Someone who waits for the end of a saga. */
interface Waiter {
  /** What the saga ended with, once it has in this process. */
  readonly result: SagaResult<JsonObject> | undefined;
  /** Resolves when the saga ended in this process, or the call has no time left to wait. */
  endedOrLate(call: Call): Promise<void>;
  leave(): void;
}

/** Who waits in this process for which saga. */
export class SagaWaiters {
  readonly #runtime: Runtime;
  readonly #waiting = new Map<string, Set<(result: SagaResult<JsonObject>) => void>>();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** To be entered before the saga may end. */
  enter(gid: string): Waiter {
    const { promise, resolve } = Promise.withResolvers<void>();
    let result: SagaResult<JsonObject> | undefined;
    const settle = (ended: SagaResult<JsonObject>): void => {
      result = ended;
      resolve();
    };
    const waiting = this.#waiting.get(gid) ?? new Set();
    this.#waiting.set(gid, waiting.add(settle));
    return {
      get result() {
        return result;
      },
      endedOrLate: async (call) => {
        const left = Math.min(call.deadline - this.#runtime.now() - ANSWER_MS, WAIT_MS_MAX);
        const timer = this.#runtime.setTimer(resolve, Math.max(0, left));
        const leaveCall = call.onDone(() => resolve());
        await promise;
        leaveCall();
        timer.clear();
      },
      leave: () => {
        waiting.delete(settle);
        if (waiting.size === 0) this.#waiting.delete(gid);
      },
    };
  }

  settle(gid: string, result: SagaResult<JsonObject>): void {
    for (const settle of this.#waiting.get(gid) ?? []) settle(result);
  }
}
