import { type Runtime, systemRuntime } from "@mall/kit/runtime";

/** The system's runtime, but for clocks that a test may set on. Timers do not notice. */
export interface ShiftedRuntime extends Runtime {
  shift(ms: number): void;
}

/** One whose clock is right so far. */
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
