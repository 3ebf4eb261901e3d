/**
 * What can go wrong, and how often at most: the chance of each single occasion (a statement, a message, an event
 * of a process). A run takes some of the kinds, each at a rate of its own.
 */
export const FAULT_RATES_MAX = {
  /** A process ends at an await and starts again later. */
  crash: 0.015,
  /** The wall clock of a process jumps, for- or backward. */
  clockJump: 0.006,
  /** A transaction or write meets another one's lock. */
  databaseBusy: 0.08,
  /** The disk of a database is full for a while. */
  diskFull: 0.004,
  /** The statement or commit took place, but its answer is lost. */
  writeAnswerLost: 0.06,
  /** The connection breaks before the statement or commit, and nobody knows. */
  writeLost: 0.06,
  /** A statement takes seconds. */
  slowStatement: 0.02,
  /** A request never arrives, and nobody says so. */
  dropRequest: 0.1,
  /** The answer never arrives. */
  dropAnswer: 0.1,
  /** The connection breaks under a call: unavailable, whatever became of it. */
  breakConnection: 0.1,
  /** A request arrives twice. */
  duplicate: 0.15,
  /** A message takes up to seconds, others overtake it. */
  delay: 0.1,
  /** Two processes do not reach each other for a while. */
  partition: 0.01,
  /** A channel answers with an error instead, before or after it did what it was asked. */
  bankError: 0.2,
  /** A notification is not sent and never will be. */
  notifyLost: 0.5,
  notifyLate: 0.5,
  notifyDoubled: 0.4,
  /** A notification comes after a later one. */
  notifyReordered: 0.3,
  /** A notification is changed on its way. */
  notifyTampered: 0.3,
  /** A notification was signed long ago. */
  notifyStale: 0.3,
  /** A channel signs another amount than was paid. */
  notifyWrongAmount: 0.3,
  notifyWrongCurrency: 0.3,
  /** A channel refuses a refund. */
  refundRefused: 0.6,
  /** A refund takes its time. */
  refundProcessing: 0.9,
  /** A refund fails after it was begun. */
  refundFailed: 0.6,
} as const;

/** As FAULT_RATES_MAX, of what only a mall with caches has; the occasions are commands to Redis. */
export const REDIS_FAULT_RATES_MAX = {
  /** A command or an answer takes up to a second and a half; on its connection nothing overtakes it. */
  redisDelay: 0.08,
  /** Nothing arrives for a while in one direction. */
  redisStall: 0.004,
  /** The command took place, and the connection breaks before its answer. */
  redisAnswerLost: 0.02,
  /** The connection breaks, whether or not what was sent arrives. */
  redisConnectionLost: 0.02,
  /** A server ends and starts again, with its data, older data or none. */
  redisRestart: 0.006,
  /** A copy takes over that has not heard of the last writes. */
  redisFailover: 0.006,
  /** No memory is left for a while. */
  redisFull: 0.01,
  /** A server throws keys out, whichever. */
  redisEviction: 0.03,
} as const;

/** As FAULT_RATES_MAX, of what only a mall with real channels has; the occasions are requests and notifications. */
export const CHANNEL_FAULT_RATES_MAX = {
  /** The buyer pays just before the bank closes a trade. */
  closeLoses: 0.4,
  /** An answer is somebody else's html, comes by half, too late or never. */
  answerBroken: 0.15,
  /** An answer is badly signed, or about another app or merchant. */
  answerFalse: 0.25,
  /** A bank is asked too often, as it thinks. */
  rateLimited: 0.2,
  /** A notification is badly signed, or about another app or merchant. */
  notifyFalse: 0.5,
  /** A key of an account is replaced at the bank, and a little later in the mall's file. */
  keyReplaced: 0.4,
  /** A refund was made, and the buyer's bank sends its money back. */
  refundReturned: 0.6,
  /** Whoever has paid asks the bank for the money back. */
  disputed: 0.9,
} as const;

type PlainKind = keyof typeof FAULT_RATES_MAX;
type RedisKind = keyof typeof REDIS_FAULT_RATES_MAX;
type ChannelKind = keyof typeof CHANNEL_FAULT_RATES_MAX;

/** The name of a kind of fault. */
export type FaultKind = PlainKind | RedisKind | ChannelKind;

/** Every kind that every mall has, in a fixed order. */
export const FAULT_KINDS = Object.keys(FAULT_RATES_MAX) as readonly PlainKind[];
