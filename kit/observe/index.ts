export type { Counter, CounterDefinition } from "./counter.ts";
export { noopObserver } from "./noop-observer.ts";
export type {
  CacheOutcome,
  HttpRequestInfo,
  Observation,
  Observer,
  ObserverSwitches,
  RpcCallInfo,
  RpcOutcome,
  SqlCommand,
  SqlPoolState,
} from "./observer.ts";
