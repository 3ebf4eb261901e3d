/**
 * What can go wrong, and how often at most: the chance of each single occasion (a statement, a message, an event
 * of a process). A run takes some of the kinds, each at a rate of its own.
 */
export const FAULT_RATES_MAX = {
  /** A process ends at an await and starts again later. */
  crash: 0.006,
  /** The wall clock of a process jumps, for- or backward. */
  clockJump: 0.003,
  /** A transaction or write meets another one's lock. */
  databaseBusy: 0.05,
  /** The disk of a database is full for a while. */
  diskFull: 0.004,
  /** The statement or commit took place, but its answer is lost. */
  writeAnswerLost: 0.02,
  /** The connection breaks before the statement or commit, and nobody knows. */
  writeLost: 0.02,
  /** A statement takes seconds. */
  slowStatement: 0.01,
  /** A request never arrives, and nobody says so. */
  dropRequest: 0.04,
  /** The answer never arrives. */
  dropAnswer: 0.05,
  /** The connection breaks under a call: unavailable, whatever became of it. */
  breakConnection: 0.05,
  /** A request arrives twice. */
  duplicate: 0.05,
  /** A message takes up to seconds, others overtake it. */
  delay: 0.05,
  /** Two processes do not reach each other for a while. */
  partition: 0.006,
} as const;

/** The name of a kind of fault. */
export type FaultKind = keyof typeof FAULT_RATES_MAX;

/** Every kind, in a fixed order. */
export const FAULT_KINDS = Object.keys(FAULT_RATES_MAX) as readonly FaultKind[];
