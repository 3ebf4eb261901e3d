/** Shared: nobody may change it; exclusive: nobody else may even lock it. */
export type LockMode = "S" | "X";

/** What a lock knows of a transaction. */
export interface LockOwner {
  /** What it holds. */
  readonly locks: Set<Lock>;
  /** What would be lost with it. */
  readonly changes: readonly unknown[];
  /** What it waits for. */
  wait: LockWait | undefined;
}

/** Somebody who waits for a lock. */
export class LockWait {
  readonly trx: LockOwner;
  readonly lock: Lock;
  readonly mode: LockMode;
  /** Breaks the wait off when it takes too long. */
  timer: { cancel(): void } | undefined;
  readonly #resume: (error?: Error) => void;

  constructor(trx: LockOwner, { lock, mode }: LockRequest, resume: (error?: Error) => void) {
    this.trx = trx;
    this.lock = lock;
    this.mode = mode;
    this.#resume = resume;
  }

  /** The statement goes on, or fails. */
  end(error?: Error): void {
    this.trx.wait = undefined;
    this.timer?.cancel();
    this.#resume(error);
  }
}

/** What a statement must wait for before it goes on. */
export interface LockRequest {
  readonly lock: Lock;
  readonly mode: LockMode;
}

/** The steps of a statement: it stops wherever it must wait for a lock. */
export type Steps<T> = Generator<LockRequest, T, void>;

/** The lock of a row, or of a value of a unique key. */
export class Lock {
  readonly holders = new Map<LockOwner, LockMode>();
  readonly waits: LockWait[] = [];

  /** Takes the lock where that is possible at once: where nobody holds it, or came first and waits for it, in the way. */
  take(trx: LockOwner, mode: LockMode): boolean {
    const held = this.holders.get(trx);
    if (held === "X" || held === mode) return true;
    for (const [holder, other] of this.holders) if (holder !== trx && conflicts(mode, other)) return false;
    for (const wait of this.waits) if (wait.trx !== trx && conflicts(mode, wait.mode)) return false;
    this.#give(trx, mode);
    return true;
  }

  /** Gives up what a transaction holds, and hands it on to those who wait, first come, first served. */
  release(trx: LockOwner): void {
    if (this.holders.delete(trx)) this.#handOn();
  }

  /** Somebody waits no longer. */
  leave(wait: LockWait): void {
    const at = this.waits.indexOf(wait);
    if (at < 0) return;
    this.waits.splice(at, 1);
    this.#handOn();
  }

  /** Whom a wait is for. */
  blockersOf(wait: LockWait): LockOwner[] {
    const blockers: LockOwner[] = [];
    for (const [holder, mode] of this.holders) {
      if (holder !== wait.trx && conflicts(wait.mode, mode)) blockers.push(holder);
    }
    for (const earlier of this.waits) {
      if (earlier === wait) break;
      if (earlier.trx !== wait.trx && conflicts(wait.mode, earlier.mode)) blockers.push(earlier.trx);
    }
    return blockers;
  }

  #handOn(): void {
    for (const wait of [...this.waits]) {
      if (this.blockersOf(wait).length > 0) continue;
      this.waits.splice(this.waits.indexOf(wait), 1);
      this.#give(wait.trx, wait.mode);
      wait.end();
    }
  }

  #give(trx: LockOwner, mode: LockMode): void {
    this.holders.set(trx, mode);
    trx.locks.add(this);
  }
}

/** Takes a lock, after waiting for it if need be. */
export function* acquire(trx: LockOwner, lock: Lock, mode: LockMode): Steps<void> {
  if (!lock.take(trx, mode)) yield { lock, mode };
}

function conflicts(left: LockMode, right: LockMode): boolean {
  return left === "X" || right === "X";
}
