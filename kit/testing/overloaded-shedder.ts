import { Shedder } from "@mall/kit/resilience";
import { createManualRuntime } from "./manual-runtime.ts";

/** The shedder of a process that is always busy, with forty requests in flight that never end. */
export function createOverloadedShedder(): Shedder {
  const runtime = createManualRuntime();
  const shedder = new Shedder({
    runtime,
    cpuThreshold: 900,
    measureLoad: () => 1000,
    onRefusal: () => {},
  });
  const begun = Array.from({ length: 80 }, () => shedder.begin());
  for (const beganAt of begun.slice(40)) shedder.end(beganAt, false);
  runtime.advance(60_000);
  return shedder;
}
