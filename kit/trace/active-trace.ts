import { AsyncLocalStorage } from "node:async_hooks";
import type { TraceContext } from "./trace-context.ts";

const active = new AsyncLocalStorage<TraceContext | undefined>();

/**
 * Runs `work` so that everything it starts finds its place in the trace with activeTrace(): log lines,
 * statements. Processes that neither trace nor write access logs do without, as it costs about a microsecond.
 */
export function runInTrace<T>(trace: TraceContext | undefined, work: () => T): T {
  return active.run(trace, work);
}

/** The trace context of the work that is running, where there is one. */
export function activeTrace(): TraceContext | undefined {
  return active.getStore();
}
