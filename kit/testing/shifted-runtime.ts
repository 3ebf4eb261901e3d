import { type Runtime, systemRuntime } from "@mall/kit/runtime";

/** The system's runtime with clocks that a test may move on; timers do not follow. */
export interface ShiftedRuntime extends Runtime {
  shift(ms: number): void;
}

/** Its clock starts right. */
export function createShiftedRuntime(): ShiftedRuntime {
  let offsetMs = 0;
  return {
    ...systemRuntime,
    now: () => systemRuntime.now() + offsetMs,
    elapsed: () => systemRuntime.elapsed() + offsetMs,
    shift: (ms) => {
      offsetMs += ms;
    },
  };
}
