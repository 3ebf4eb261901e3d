import { InterceptingCall, type InterceptorOptions, type NextCall } from "@grpc/grpc-js";
import { pause } from "@mall/kit/async";
import type { Runtime } from "@mall/kit/runtime";
import type { Etcd3, IWatchResponse } from "etcd3";
import { type AnswerSoon, type EtcdMember, EtcdMembers } from "./etcd-members.ts";
import type { EtcdServers } from "./etcd-options.ts";

/**
 * From one question to the member that a watch is on, whether it is there, to the next, milliseconds. A member that
 * is silent looks like one without changes, and gRPC's own pings need 13 s to tell.
 */
const PULSE_MS = 2_000;
/** How long a member may take to start a watch, milliseconds. */
const WATCH_MS_MAX = 3_000;

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

/**
 * What discovery needs of etcd. Every method rejects where etcd refuses, or where no member of it answers: each asks
 * the next one when one does not.
 */
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
  const members = await EtcdMembers.connect(servers, runtime);
  return {
    read: async (range) => {
      const { header, kvs } = await members.ask((etcd, soon) => etcd.kv.range(boundsOf(range), soon));
      const entries = kvs.map(({ key, value }) => [key.toString(), value.toString()] as const);
      return { revision: header.revision, entries: new Map(entries) };
    },
    put: async ({ key, value, lease }) => {
      const entry = { key: Buffer.from(key), value: Buffer.from(value), lease };
      await members.ask((etcd, soon) => etcd.kv.put(entry, soon));
    },
    grant: async (ttlSeconds) =>
      (await members.ask((etcd, soon) => etcd.leaseClient.leaseGrant({ TTL: ttlSeconds }, soon))).ID,
    revoke: async (lease) => {
      await members.ask((etcd, soon) => etcd.leaseClient.leaseRevoke({ ID: lease }, soon));
    },
    keepAlive: (lease) => members.ask((etcd, soon) => keepAliveOnce(etcd, lease, soon)),
    watch: (range, after, report, signal) =>
      new Watch({ members, runtime, report, signal }).run(range, (BigInt(after) + 1n).toString()),
    close: () => members.close(),
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
async function keepAliveOnce(etcd: Etcd3, lease: string, soon: AnswerSoon): Promise<number> {
  const stream = await etcd.leaseClient.leaseKeepAlive(soon);
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
  readonly members: EtcdMembers;
  readonly runtime: Runtime;
  readonly report: (changes: readonly KeyChange[]) => void;
  readonly signal: AbortSignal;
}

/** One watch at one member, on a stream of its own, from its creation to its end. */
class Watch {
  readonly #options: WatchOptions;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** Where it fails, the next one is at another member. */
  async run(range: KeyRange, firstRevision: string): Promise<void> {
    const { members, signal } = this.#options;
    const member = members.current;
    const over = new AbortController();
    const until = AbortSignal.any([signal, over.signal]);
    try {
      await Promise.race([
        this.#follow(member.etcd, { range, firstRevision, until }),
        this.#feelPulse(member, range, until),
      ]);
    } catch (error) {
      members.avoid(member);
      throw error;
    } finally {
      over.abort();
    }
  }

  async #follow(
    etcd: Etcd3,
    { range, firstRevision, until }: { range: KeyRange; firstRevision: string; until: AbortSignal },
  ): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const creation = this.#options.runtime.setTimer(
      () => reject(new Error("etcd did not start the watch")),
      WATCH_MS_MAX,
    );
    const stop = (): void => resolve();
    until.addEventListener("abort", stop);
    if (until.aborted) stop();
    const opening = etcd.watchClient.watch({ interceptors: [requireLeader] });
    opening.then((stream) => {
      stream
        .on("data", (response) => {
          creation.clear();
          if (response.canceled) reject(new Error(`etcd ended the watch: ${whyEnded(response)}`));
          else this.#report(response);
        })
        .on("error", reject)
        .on("end", () => reject(new Error("etcd closed the watch")));
      stream.write({ create_request: { ...boundsOf(range), start_revision: firstRevision } });
    }, reject);
    try {
      await promise;
    } finally {
      creation.clear();
      until.removeEventListener("abort", stop);
      opening.then(
        (stream) => stream.cancel(),
        () => {},
      );
    }
  }

  /** Rejects when the member does not answer any more. */
  async #feelPulse(member: EtcdMember, range: KeyRange, until: AbortSignal): Promise<void> {
    const { members, runtime } = this.#options;
    // Any one key, as far as this member knows it by itself.
    const look = { ...boundsOf(range), limit: 1, keys_only: true, serializable: true };
    while (!until.aborted) {
      await pause(runtime, PULSE_MS, until);
      if (!until.aborted) await members.askMember(member, (etcd, soon) => etcd.kv.range(look, soon));
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
