import type { RawConnection, SqlValue } from "@mall/kit/store";
import { type Reply, ServerError, type Session } from "../mysql/index.ts";
import type { Refusal } from "./service-database.ts";
import type { StorageHost } from "./storage-host.ts";

/** Statements whose effect, or the answer about it, may be lost on the way. */
const WRITES = /^(insert|update|delete|commit)\b/i;
const COMMIT = /^commit\b/i;

/** What a connection needs of the pool that it belongs to. */
export interface ConnectionHost extends StorageHost {
  refusal(): Refusal | undefined;
  /** Whether the next one that is refused as busy has waited too long; else it is broken off with its transaction. */
  isWaitedOut(): boolean;
  released(connection: SimMysqlConnection): void;
  dropped(connection: SimMysqlConnection): void;
  /** An answer that only a mistake of the simulation explains. */
  failed(error: Error): void;
}

type Done = (error: Error | null, result: unknown) => void;

/** A connection of a process to the simulated server, as mysql2 shows one. */
export class SimMysqlConnection implements RawConnection {
  readonly #session: Session;
  readonly #host: ConnectionHost;
  #isClosed = false;

  constructor(session: Session, host: ConnectionHost) {
    this.#session = session;
    this.#host = host;
  }

  query({ sql, values }: { sql: string; values: SqlValue[] }, done: Done): void {
    const finish: Done = (error, result) => {
      if (!this.#isClosed || isConnectionLost(error)) done(error, result);
    };
    this.#send(sql, values, finish).catch((error: Error) => this.#host.failed(error));
  }

  release(): void {
    if (this.#isClosed) this.#host.dropped(this);
    else this.#host.released(this);
  }

  destroy(): void {
    this.close();
    this.#host.dropped(this);
  }

  /** The server learns that nobody is at the other end. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#session.close();
  }

  async #send(sql: string, values: readonly SqlValue[], done: Done): Promise<void> {
    await this.#host.turn(() => `${this.#session.isInTransaction ? "in tx " : ""}${sql} [${values.join()}]`);
    if (this.#isClosed) {
      done(connectionLost(), undefined);
      return;
    }
    const isWrite = WRITES.test(sql);
    if (isWrite && this.#host.strikes("writeLost")) {
      this.close();
      done(connectionLost(), undefined);
      return;
    }
    const refusal = isWrite ? this.#refuse(COMMIT.test(sql)) : undefined;
    if (refusal !== undefined) {
      done(refusal, undefined);
      return;
    }
    let isAtOnce = true;
    this.#session.query(sql, values.map(cellOf), (error, reply) => {
      if (error !== null && !(error instanceof ServerError)) this.#host.failed(error);
      if (isAtOnce && !isWrite) done(error, reply);
      else
        this.#answer(error, reply, { isWrite, done }).catch((failure: Error) => this.#host.failed(failure));
    });
    isAtOnce = false;
  }

  async #answer(
    error: Error | null,
    reply: Reply,
    { isWrite, done }: { readonly isWrite: boolean; readonly done: Done },
  ): Promise<void> {
    const isLost = isWrite && error === null && this.#host.strikes("writeAnswerLost");
    await this.#host.turn(() => (isLost ? "is not told what came of it" : "is told what came of it"));
    if (!isLost) {
      done(error, reply);
      return;
    }
    this.close();
    done(connectionLost(), undefined);
  }

  /** Why the server does not do a write, if it does not. */
  #refuse(isCommit: boolean): Error | undefined {
    const refusal = this.#host.refusal();
    if (refusal === undefined || (refusal === "full" && isCommit)) return undefined;
    if (refusal === "full") return new ServerError("diskFull", "Disk full");
    // A cluster certifies a transaction at its commit, and may find then that another node's came first.
    if (!isCommit && this.#host.isWaitedOut()) {
      return new ServerError("lockWait", "Lock wait timeout exceeded; try restarting transaction");
    }
    this.#session.rollBack();
    return new ServerError("deadlock", "Deadlock found when trying to get lock; try restarting transaction");
  }
}

/** Numbers beyond 2^53 nobody simulates. */
function cellOf(value: SqlValue): string | number | null | Uint8Array {
  return typeof value === "bigint" ? Number(value) : value;
}

function isConnectionLost(error: Error | null): boolean {
  return error !== null && Reflect.get(error, "code") === "PROTOCOL_CONNECTION_LOST";
}

/** As mysql2 says it. */
function connectionLost(): Error {
  const error = new Error("Connection lost: The server closed the connection.");
  return Object.assign(error, { code: "PROTOCOL_CONNECTION_LOST", fatal: true });
}
