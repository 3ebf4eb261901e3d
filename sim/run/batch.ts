import type { Shape } from "./shape.ts";
import type { Tally } from "./tally.ts";

/** Seeds that follow each other. */
export interface Batch {
  readonly shape: Shape;
  readonly from: number;
  readonly count: number;
  /** Of these, only the runs that have real channels. */
  readonly withRealChannels?: boolean;
}

/** A seed whose run failed. */
export interface Failure {
  readonly seed: number;
  readonly message: string;
}

/** What came of a batch. */
export interface BatchResult extends Batch {
  readonly failures: readonly Failure[];
  readonly events: number;
  /** By kind. */
  readonly faults: Tally;
  /** In which states everything was in the end. */
  readonly states: Tally;
  /** Transactions that several shared, by how many they were and how that ended. */
  readonly groups: Tally;
  readonly actions: number;
  readonly virtualMs: number;
  /** The fingerprints of all runs as one number. */
  readonly digest: number;
}
