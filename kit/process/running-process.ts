/** Where a process, or a part of it, answers. */
/** Where a part of a process answers. */
export interface Address {
  /** Process or part, e.g. `pay.api`. */
  readonly name: string;
  /** `http://host:port` for HTTP, `host:port` for gRPC. */
  readonly url: string;
}

/** A process that serves. */
export interface RunningProcess {
  readonly addresses: readonly Address[];
  /** Stops accepting, lets requests in flight finish, closes everything. */
  stop(): Promise<void>;
}
