/**
 * Everything a log line may carry beside its sentence. A field that is not named here does not reach the log,
 * whatever it is called: what requests say (names, mobile numbers, passwords, tokens) has no name here.
 */
export interface LogFields {
  /** What was thrown: type, text and stack reach the log, scrubbed; other properties do not. */
  readonly error?: unknown;
  /** Reason of an AppError. */
  readonly reason?: string;
  /** HTTP method, or full name of an rpc method. */
  readonly method?: string;
  /** Of a request, without its query. */
  readonly path?: string;
  /** HTTP status, or gRPC status number. */
  readonly code?: number;
  /** How long something took, with its unit, e.g. `12.3ms`. */
  readonly duration?: string;
  /** Ids of the trace and of the piece of work in it; a line within a trace gets them by itself. */
  readonly trace?: string;
  readonly span?: string;
  /** Part of a process, e.g. `pay.api` of all-in-one. */
  readonly part?: string;
  /** Name under which something is registered or found. */
  readonly key?: string;
  /** `host:port` of another process. */
  readonly address?: string;
  /** Name of an rpc service. */
  readonly service?: string;
  /** Name of an account at a payment channel. */
  readonly channel?: string;
  /** Id of a product, and a number of pieces. */
  readonly pid?: number;
  readonly num?: number;
  /** Of a job: its queue, its kind and its id. */
  readonly queue?: string;
  readonly kind?: string;
  readonly job?: number;
  /** Id of a distributed transaction. */
  readonly gid?: string;
  /** How many of what the sentence names. */
  readonly count?: number;
}

/** The compiler keeps this list complete: a field without an entry, or an entry without a field, is an error. */
const NAMES: Record<keyof LogFields, true> = {
  error: true,
  reason: true,
  method: true,
  path: true,
  code: true,
  duration: true,
  trace: true,
  span: true,
  part: true,
  key: true,
  address: true,
  service: true,
  channel: true,
  pid: true,
  num: true,
  queue: true,
  kind: true,
  job: true,
  gid: true,
  count: true,
};

/** Whether a line may carry a field of this name. */
export function isLogField(name: string): name is keyof LogFields {
  return Object.hasOwn(NAMES, name);
}
