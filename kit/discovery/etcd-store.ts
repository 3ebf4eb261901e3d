import { InterceptingCall, type InterceptorOptions, type NextCall } from "@grpc/grpc-js";
import type { Runtime } from "@mall/kit/context";
import type { Etcd3, IWatchResponse } from "etcd3";
import { type EtcdServers, etcdOptions } from "./etcd-options.ts";

/** How long etcd may take for one answer, milliseconds; go-zero allows a read the same. */
const ANSWER_MS_MAX = 3_000;

/** A key, or all keys with a prefix. */
export type KeyRange = { readonly key: string } | { readonly prefix: string };

/** What a range holds at one revision of the store. Revisions and lease ids are 64 bits: decimals in strings. */
interface Snapshot {
  readonly revision: string;
  readonly entries: ReadonlyMap<string, string>;
}

/** One change in a watched range; `value` is undefined where the key was deleted. */
interface KeyChange {
  readonly key: string;
  readonly value: string | undefined;
}

/** What discovery needs of etcd. Every method rejects where etcd cannot be reached or refuses. */
export interface EtcdStore {
  read(range: KeyRange): Promise<Snapshot>;
  put(entry: { key: string; value: string; lease: string }): Promise<void>;
  /** Grants a lease; returns its id. */
  grant(ttlSeconds: number): Promise<string>;
  revoke(lease: string): Promise<void>;
  /** Renews a lease; returns for how many seconds, 0 where there is no such lease. */
  keepAlive(lease: string): Promise<number>;
  /**
   * Reports the changes of a range after a revision until `signal` ends it, and then resolves.
   *
   * @throws whatever else ends it: a lost connection, a revision that etcd no longer has.
   */
  watch(
    range: KeyRange,
    after: string,
    report: (changes: readonly KeyChange[]) => void,
    signal: AbortSignal,
  ): Promise<void>;
  close(): void;
}

/** Connects to a cluster; in the background, so that this fails only for unusable certificates. */
export async function connectEtcd(servers: EtcdServers, runtime: Runtime): Promise<EtcdStore> {
  const options = etcdOptions(servers);
  // The library is large: only processes that are configured with etcd load it.
  const library = await import("etcd3");
  const etcd = new library.Etcd3(options);
  const soon = (): { deadline: number } => ({ deadline: runtime.now() + ANSWER_MS_MAX });
  return {
    read: async (range) => {
      const { header, kvs } = await etcd.kv.range(boundsOf(range), soon());
      const entries = kvs.map(({ key, value }) => [key.toString(), value.toString()] as const);
      return { revision: header.revision, entries: new Map(entries) };
    },
    put: async ({ key, value, lease }) => {
      await etcd.kv.put({ key: Buffer.from(key), value: Buffer.from(value), lease }, soon());
    },
    grant: async (ttlSeconds) => (await etcd.leaseClient.leaseGrant({ TTL: ttlSeconds }, soon())).ID,
    revoke: async (lease) => {
      await etcd.leaseClient.leaseRevoke({ ID: lease }, soon());
    },
    keepAlive: (lease) => keepAliveOnce(etcd, lease, soon()),
    watch: (range, after, report, signal) =>
      new Watch({ etcd, runtime, report, signal }).run(range, (BigInt(after) + 1n).toString()),
    close: () => etcd.close(),
  };
}

function boundsOf(range: KeyRange): { key: Buffer; range_end?: Buffer } {
  if ("key" in range) return { key: Buffer.from(range.key) };
  const key = Buffer.from(range.prefix);
  const end = Buffer.from(key);
  // The first key after all keys with the prefix; a prefix is text and never ends in 0xff.
  const last = end.length - 1;
  end[last] = (end[last] ?? 0) + 1;
  return { key, range_end: end };
}

/** etcd has only a stream for this; one question and one answer need no state to be kept right. */
async function keepAliveOnce(etcd: Etcd3, lease: string, options: { deadline: number }): Promise<number> {
  const stream = await etcd.leaseClient.leaseKeepAlive(options);
  return new Promise((resolve, reject) => {
    stream
      .on("data", ({ TTL }) => {
        stream.end();
        resolve(Number(TTL));
      })
      .on("error", reject)
      .on("end", () => reject(new Error("etcd ended the stream without an answer")));
    stream.write({ ID: lease });
  });
}

interface WatchOptions {
  readonly etcd: Etcd3;
  readonly runtime: Runtime;
  readonly report: (changes: readonly KeyChange[]) => void;
  readonly signal: AbortSignal;
}

/** One watch on a stream of its own, from its creation to its end. */
class Watch {
  readonly #options: WatchOptions;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  async run(range: KeyRange, firstRevision: string): Promise<void> {
    const { etcd, runtime, signal } = this.#options;
    const stream = await etcd.watchClient.watch({ interceptors: [requireLeader] });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const stop = (): void => resolve();
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    const creation = runtime.setTimer(() => reject(new Error("etcd did not start the watch")), ANSWER_MS_MAX);
    stream
      .on("data", (response) => {
        creation.clear();
        if (response.canceled) reject(new Error(`etcd ended the watch: ${whyEnded(response)}`));
        else this.#report(response);
      })
      .on("error", reject)
      .on("end", () => reject(new Error("etcd closed the watch")));
    stream.write({ create_request: { ...boundsOf(range), start_revision: firstRevision } });
    try {
      await promise;
    } finally {
      creation.clear();
      signal.removeEventListener("abort", stop);
      stream.cancel();
    }
  }

  #report({ events }: IWatchResponse): void {
    if (events.length === 0) return;
    this.#options.report(
      events.map(({ type, kv }) => ({
        key: kv.key.toString(),
        // The library's types say Delete, its messages DELETE.
        value: type.toUpperCase() === "DELETE" ? undefined : kv.value.toString(),
      })),
    );
  }
}

/** The revision asked for may be older than what etcd keeps. */
function whyEnded({ compact_revision: compacted, cancel_reason: reason }: IWatchResponse): string {
  return compacted === "0" ? reason : `revisions before ${compacted} are gone`;
}

/** A member that lost its cluster ends the watch instead of staying silent, as go-zero asks of it. */
function requireLeader(options: InterceptorOptions, nextCall: NextCall): InterceptingCall {
  return new InterceptingCall(nextCall(options), {
    start: (metadata, listener, next) => {
      metadata.set("hasleader", "true");
      next(metadata, listener);
    },
  });
}
