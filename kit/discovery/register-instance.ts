import { pause } from "@mall/kit/async";
import type { EtcdConfig } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import type { Logger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import type { EtcdStore } from "./etcd-store.ts";
import { followKeys } from "./follow-keys.ts";
import { publishedAddress } from "./published-address.ts";
import { RETRY_MS } from "./retry-pause.ts";
import { borrowStore } from "./shared-store.ts";

/** How long an instance that vanished stays registered, seconds; go-zero's (core/discov/clients.go). */
const LEASE_SECONDS = 10;
const RENEW_MS = (LEASE_SECONDS * 1000) / 3;

/**
 * How long the first registration may take before the process gives up, milliseconds: a cluster that has just lost
 * its leader needs some seconds for another one.
 */
const FIRST_MS_MAX = 10_000;

/** An instance under its service's key in etcd. */
export interface Registration {
  /** Takes the instance out, at once for all who watch; waits no longer than one answer of etcd may take. */
  revoke(): Promise<void>;
}

export interface RegisterOptions {
  readonly etcd: EtcdConfig;
  /** The address the server listens on; what others see is derived from it (`publishedAddress`). */
  readonly listenOn: string;
  readonly runtime: Runtime;
  readonly log: Logger;
}

/**
 * Registers an instance as go-zero does (core/discov/publisher.go): key `<Key>/<lease id>`, or `<Key>/<ID>`,
 * value `host:port`, on a lease of 10 s that is kept alive. A lost lease is replaced by a new one and a key
 * that somebody deleted is put again, for as long as it takes.
 *
 * @throws AppError FAILED_PRECONDITION ETCD_UNUSABLE, in one line, where the first attempt gets nowhere.
 */
export async function registerInstance(options: RegisterOptions): Promise<Registration> {
  const { etcd, runtime } = options;
  const { store, release } = await borrowStore(etcd, runtime);
  const keeper = new InstanceKeeper(options, store);
  const kept = keeper.run();
  const stop = async (): Promise<void> => {
    await keeper.stop();
    await kept;
    release();
  };
  const late = new AbortController();
  try {
    await Promise.race([
      keeper.registered,
      pause(runtime, FIRST_MS_MAX, late.signal).then(() => {
        throw unusable(etcd, keeper.lastError);
      }),
    ]);
  } catch (error) {
    await stop();
    throw error;
  } finally {
    late.abort();
  }
  return { revoke: stop };
}

/** Holds one instance in etcd, lease after lease, until it is stopped. */
class InstanceKeeper {
  readonly #options: RegisterOptions;
  readonly #store: EtcdStore;
  readonly #value: string;
  readonly #stopped = new AbortController();
  readonly #registered = Promise.withResolvers<void>();
  #lease: string | undefined;
  lastError: unknown;

  constructor(options: RegisterOptions, store: EtcdStore) {
    this.#options = options;
    this.#store = store;
    this.#value = publishedAddress(options.listenOn);
  }

  /** Resolves with the first registration. */
  get registered(): Promise<void> {
    return this.#registered.promise;
  }

  async run(): Promise<void> {
    const { runtime, log, etcd } = this.#options;
    while (!this.#stopped.signal.aborted) {
      try {
        await this.#holdLease();
      } catch (error) {
        if (this.lastError === undefined) log.warn({ key: etcd.Key, error }, "registering at etcd failed");
        this.lastError = error;
        await pause(runtime, RETRY_MS, this.#stopped.signal);
      }
    }
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    const lease = this.#lease;
    this.#lease = undefined;
    // Where etcd cannot be reached now, the lease ends by itself.
    if (lease !== undefined) await this.#store.revoke(lease).catch(() => {});
  }

  /** Registers under a new lease and keeps it until it is lost. */
  async #holdLease(): Promise<void> {
    const { etcd, log } = this.#options;
    const lease = await this.#store.grant(LEASE_SECONDS);
    if (this.#stopped.signal.aborted) return this.#drop(lease);
    this.#lease = lease;
    const key = `${etcd.Key}/${etcd.ID > 0 ? etcd.ID : lease}`;
    await this.#store.put({ key, value: this.#value, lease });
    this.lastError = undefined;
    this.#registered.resolve();
    log.info({ key, address: this.#value }, "registered at etcd");
    const lost = new AbortController();
    const signal = AbortSignal.any([lost.signal, this.#stopped.signal]);
    const guarding = this.#guardKey({ key, lease, lose: () => lost.abort() }, signal);
    await this.#renew(lease, signal);
    lost.abort();
    await guarding;
    if (this.#stopped.signal.aborted) return;
    log.warn({ key }, "lost the lease at etcd; registering again");
    this.#drop(lease);
  }

  /** Renews until the lease is gone, or must be because etcd was silent for its whole life. */
  async #renew(lease: string, signal: AbortSignal): Promise<void> {
    const { runtime } = this.#options;
    let endsAt = runtime.now() + LEASE_SECONDS * 1000;
    let waitMs = RENEW_MS;
    for (;;) {
      await pause(runtime, waitMs, signal);
      if (signal.aborted) return;
      try {
        const seconds = await this.#store.keepAlive(lease);
        if (seconds <= 0) return;
        endsAt = runtime.now() + seconds * 1000;
        waitMs = RENEW_MS;
      } catch {
        if (runtime.now() >= endsAt) return;
        waitMs = RETRY_MS;
      }
    }
  }

  /** Puts the key again when it is gone while its lease lives; a lease that is gone cannot take it. */
  async #guardKey(
    { key, lease, lose }: { key: string; lease: string; lose: () => void },
    signal: AbortSignal,
  ): Promise<void> {
    const { runtime, log } = this.#options;
    await followKeys({
      store: this.#store,
      range: { key },
      runtime,
      log,
      signal,
      report: (entries) => {
        if (signal.aborted || entries.get(key) === this.#value) return;
        log.warn({ key }, "the key at etcd was removed; putting it back");
        this.#store.put({ key, value: this.#value, lease }).catch(lose);
      },
    });
  }

  /** Ends a lease that is not needed; one that is gone already, or cannot be reached, needs nothing. */
  #drop(lease: string): void {
    this.#store.revoke(lease).catch(() => {});
  }
}

function unusable(etcd: EtcdConfig, cause: unknown): AppError {
  const where = etcd.Hosts.join(", ");
  const why = isRefusal(cause)
    ? "it refuses the account: check Etcd.User and Etcd.Pass and what that user may write"
    : "it does not answer: start it, or correct Etcd.Hosts (and its certificates)";
  const text = `cannot register ${etcd.Key} at etcd ${where}: ${why}`;
  return new AppError("FAILED_PRECONDITION", "ETCD_UNUSABLE", text, { cause });
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && /authentication|permission|user name|auth token/i.test(error.message);
}
