export { AttemptLimiter, type AttemptLimiterOptions } from "./attempt-limiter.ts";
export { type Breaker, breakerOpen } from "./breaker.ts";
export {
  type BreakerKind,
  Breakers,
  type BreakersOptions,
  runBehind,
  type Verdict,
} from "./breakers.ts";
export { clientKey } from "./client-address.ts";
export { Guard, type GuardOptions, isRefusal } from "./guard.ts";
export { isPeersAnswer, judgeCall, METHOD_MISSING, NO_PEER, PEER_FAILED, saysNothing } from "./judge-call.ts";
export { createLoopMeter } from "./load-average.ts";
export { type CountedAttempt, SharedAttemptLimiter, type SharedAttempts } from "./shared-attempt-limiter.ts";
export { SERVICE_OVERLOADED, Shedder, type ShedderOptions, serviceOverloaded } from "./shedder.ts";
export { Turns } from "./turns.ts";
export { WorkGate, type WorkGateOptions } from "./work-gate.ts";
