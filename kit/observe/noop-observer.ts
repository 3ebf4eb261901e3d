import type { Counter } from "./counter.ts";
import type { Observer } from "./observer.ts";

const noopCounter: Counter = { add: () => {} };

/** Sees nothing; what a process without observation runs with. */
export const noopObserver: Observer = {
  http: undefined,
  rpcServer: undefined,
  rpcClient: undefined,
  sql: undefined,
  sqlShare: undefined,
  sqlPool: undefined,
  redis: undefined,
  cache: undefined,
  counter: () => noopCounter,
  gauge: () => {},
  narrow: () => noopObserver,
};
