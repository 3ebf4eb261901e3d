import { AsyncLocalStorage } from "node:async_hooks";

const open = new AsyncLocalStorage<boolean>();

/** Runs the work of a transaction, and lets everything it calls know that it is inside of one. */
export function runInTransaction<T>(work: () => T): T {
  return open.run(true, work);
}

/** True for what is called from inside of a transaction, which must not wait for a network. */
export function isInTransaction(): boolean {
  return open.getStore() === true;
}
