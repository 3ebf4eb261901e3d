import type { Runtime } from "@mall/kit/runtime";
import type { FaultKind } from "../faults/index.ts";

/** What storage needs of the process that it belongs to. */
export interface StorageHost {
  readonly runtime: Runtime;
  /** Lets time pass and others act; never resolves where the process ends meanwhile. `what` comes next. */
  turn(what: () => string): Promise<void>;
  strikes(kind: FaultKind): boolean;
}
