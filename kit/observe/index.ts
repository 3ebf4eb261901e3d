export { type WatchedClock, watchClock } from "./clock-watch.ts";
export { type Counter, type CounterDefinition, countersOf } from "./counter.ts";
export type { GaugeDefinition, GaugeReading, ReadGauge } from "./gauge.ts";
export type { HealthProbe } from "./health.ts";
export { noopObserver } from "./noop-observer.ts";
export { type Observability, type ObservabilityOptions, startObservability } from "./observability.ts";
export { observeNow, observeUntil } from "./observe-work.ts";
export type {
  CacheOutcome,
  HttpRequestInfo,
  Observation,
  Observer,
  ObserverSwitches,
  RpcCallInfo,
  RpcOutcome,
  SqlCommand,
  SqlPoolName,
  SqlPoolState,
} from "./observer.ts";
