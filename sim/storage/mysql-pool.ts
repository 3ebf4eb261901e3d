import type { RawConnection, RawPool } from "@mall/kit/store";
import type { FaultKind } from "../faults/index.ts";
import type { Kernel } from "../kernel/index.ts";
import { type Server, Session } from "../mysql/index.ts";
import { type ConnectionHost, SimMysqlConnection } from "./mysql-connection.ts";
import type { Refusal } from "./service-database.ts";
import type { StorageHost } from "./storage-host.ts";

type Taker = (error: Error | null, connection: RawConnection) => void;

/** What a pool works with. */
export interface PoolParts {
  readonly server: Server;
  readonly kernel: Kernel;
  readonly host: StorageHost;
  readonly connectionsMax: number;
  /** Asked before each write. */
  readonly refusal: () => Refusal | undefined;
}

/** The connections of one life of a process to the simulated server, in the place of mysql2's pool. */
export class SimMysqlPool implements RawPool, ConnectionHost {
  readonly runtime: StorageHost["runtime"];
  readonly #parts: PoolParts;
  readonly #open = new Set<SimMysqlConnection>();
  readonly #free: SimMysqlConnection[] = [];
  readonly #takers: Taker[] = [];
  #refused = 0;

  constructor(parts: PoolParts) {
    this.#parts = parts;
    this.runtime = parts.host.runtime;
  }

  getConnection(done: Taker): void {
    const free = this.#free.pop();
    if (free !== undefined) done(null, free);
    else if (this.#open.size < this.#parts.connectionsMax) this.#connect(done);
    else this.#takers.push(done);
  }

  end(done: (error?: Error | null) => void): void {
    this.abandon();
    done();
  }

  /** All connections are gone at once, as those of a process that has ended are. */
  abandon(): void {
    for (const connection of this.#open) connection.close();
    this.#open.clear();
    this.#free.length = 0;
  }

  turn(what: () => string): Promise<void> {
    return this.#parts.host.turn(what);
  }

  strikes(kind: FaultKind): boolean {
    return this.#parts.host.strikes(kind);
  }

  refusal(): Refusal | undefined {
    return this.#parts.refusal();
  }

  isWaitedOut(): boolean {
    this.#refused += 1;
    return this.#refused % 2 === 0;
  }

  released(connection: SimMysqlConnection): void {
    const taker = this.#takers.shift();
    if (taker === undefined) this.#free.push(connection);
    else taker(null, connection);
  }

  dropped(connection: SimMysqlConnection): void {
    if (!this.#open.delete(connection)) return;
    const taker = this.#takers.shift();
    if (taker !== undefined) this.#connect(taker);
  }

  failed(error: Error): void {
    this.#parts.kernel.fail(error);
  }

  #connect(done: Taker): void {
    const connection = new SimMysqlConnection(new Session(this.#parts.server), this);
    this.#open.add(connection);
    this.turn(() => "connects to its database").then(
      () => done(null, connection),
      (error: Error) => this.failed(error),
    );
  }
}
