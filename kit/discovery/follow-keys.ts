import { pause } from "@mall/kit/async";
import type { Logger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import type { EtcdStore, KeyRange } from "./etcd-store.ts";
import { RETRY_MS } from "./retry-pause.ts";

/** What to follow, and whom to notify. */
export interface FollowOptions {
  readonly store: EtcdStore;
  readonly range: KeyRange;
  readonly runtime: Runtime;
  readonly log: Logger;
  /**
   * Told all entries after each change. `loaded` is true where they were read anew: at the start and after
   * the connection to etcd was lost.
   */
  readonly report: (entries: ReadonlyMap<string, string>, loaded: boolean) => void;
  readonly signal: AbortSignal;
}

/**
 * Follows the keys of a range until `signal` ends it: reads them, then watches from the next revision, so
 * that no change is missed. When the watch ends (etcd is down, restarted, or has compacted that revision)
 * everything is read anew, each second until it works; what was known stays known meanwhile.
 */
export async function followKeys(options: FollowOptions): Promise<void> {
  const { runtime, log, range, signal } = options;
  const key = "key" in range ? range.key : range.prefix;
  let failing = false;
  const follow = async (): Promise<void> => {
    try {
      await followOnce(options, () => {
        if (failing) log.info({ key }, "etcd answers again");
        failing = false;
      });
    } catch (error) {
      // Once an outage is enough: what follows each second says nothing new.
      if (!failing && !signal.aborted) log.warn({ key, error }, "lost etcd; retrying every second");
      failing = true;
    }
  };
  while (!signal.aborted) {
    await follow();
    await pause(runtime, RETRY_MS, signal);
  }
}

async function followOnce({ store, range, report, signal }: FollowOptions, works: () => void): Promise<void> {
  const { revision, entries } = await store.read(range);
  if (signal.aborted) return;
  works();
  const known = new Map(entries);
  report(known, true);
  const apply = (changes: readonly { key: string; value: string | undefined }[]): void => {
    for (const { key, value } of changes) {
      if (value === undefined) known.delete(key);
      else known.set(key, value);
    }
    report(known, false);
  };
  await store.watch(range, revision, apply, signal);
}
