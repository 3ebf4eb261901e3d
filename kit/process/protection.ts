import type { ServiceConfig } from "@mall/kit/config";
import type { Logger } from "@mall/kit/log";
import type { Observer } from "@mall/kit/observe";
import { type BreakerKind, Breakers, createLoopMeter, Shedder } from "@mall/kit/resilience";
import type { Runtime } from "@mall/kit/runtime";

/** From one line in the log about the same breaker, or about shedding, to the next. */
const REPORT_MS = 60_000;

interface ProtectionOptions {
  readonly runtime: Runtime;
  readonly log: Logger;
  readonly observer: Observer;
}

/** The breakers of a process, which log that they refuse calls and count how many. */
export function createBreakers({ runtime, log, observer }: ProtectionOptions): Breakers {
  const refusals = observer.counter({
    name: "mall_breaker_refusals_total",
    help: "calls that a circuit breaker refused",
    labels: ["kind", "name"],
  });
  const reported = new Map<string, number>();
  const report = (kind: BreakerKind, name: string): void => {
    const key = `${kind} ${name}`;
    const now = runtime.elapsed();
    if (now - (reported.get(key) ?? Number.NEGATIVE_INFINITY) < REPORT_MS) return;
    reported.set(key, now);
    log.warn({ key }, "circuit breaker is open: calls are refused");
  };
  return new Breakers({
    runtime,
    onRefusal: (kind, name) => {
      refusals.add(1, kind, name);
      report(kind, name);
    },
  });
}

/** True in the modes of a process that serves its users; in the others go-zero sheds no load. */
export function isServing({ Mode }: Pick<ServiceConfig, "Mode">): boolean {
  return Mode === "pro";
}

/** The shedder of a process; undefined where its mode or `CpuThreshold: 0` switches it off. */
export function createShedder(
  config: Pick<ServiceConfig, "Mode"> & { readonly CpuThreshold: number },
  { runtime, log, observer }: ProtectionOptions,
): Shedder | undefined {
  if (!isServing(config) || config.CpuThreshold === 0) return undefined;
  const refusals = observer.counter({
    name: "mall_shed_requests_total",
    help: "requests and calls refused because the process was overloaded",
    labels: [],
  });
  let reportedAt = Number.NEGATIVE_INFINITY;
  return new Shedder({
    runtime,
    cpuThreshold: config.CpuThreshold,
    measureLoad: createLoopMeter(),
    onRefusal: () => {
      refusals.add(1);
      const now = runtime.elapsed();
      if (now - reportedAt < REPORT_MS) return;
      reportedAt = now;
      log.warn({}, "service overloaded: requests are refused");
    },
  });
}
