import type { Logger } from "@mall/kit/log";
import { EndpointList, type EndpointSource, parseAddress } from "@mall/kit/rpc";
import type { Runtime, Timer } from "@mall/kit/runtime";
import { type EtcdServers, etcdOptions } from "./etcd-options.ts";
import { followKeys } from "./follow-keys.ts";
import { borrowStore } from "./shared-store.ts";

/** How long the instances known before an etcd that lost its data are kept, milliseconds: one lease. */
const FORGET_MS = 10_000;

export interface EtcdEndpointsOptions {
  readonly servers: EtcdServers;
  /** The service, e.g. `user.rpc`. */
  readonly key: string;
  readonly runtime: Runtime;
  readonly log: Logger;
}

/**
 * The instances registered under a key, as go-zero's subscriber sees them: all values of `<key>/…`, each
 * once. The last known ones stay while etcd is down. An etcd that comes back empty has more likely lost its
 * data than have all instances ended meanwhile; they stay until the first one registers again, or a
 * lease's time at the most.
 *
 * @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE for a certificate file that cannot be read.
 */
export function etcdEndpoints({ servers, key, runtime, log }: EtcdEndpointsOptions): EndpointSource {
  // Connecting goes on in the background; what is wrong with the files must be said at the start.
  etcdOptions(servers);
  const list = new EndpointList();
  const stopped = new AbortController();
  let forgetting: Timer | undefined;
  const report = (entries: ReadonlyMap<string, string>, loaded: boolean): void => {
    forgetting?.clear();
    const endpoints = [...entries.values()].filter((value) => isAddress(value, key, log));
    if (loaded && endpoints.length === 0 && (list.current() ?? []).length > 0) {
      log.warn({ key }, "etcd came back without any instance; the known ones stay until they register again");
      forgetting = runtime.setTimer(() => list.set([]), FORGET_MS);
    } else {
      list.set(endpoints);
    }
  };
  const following = borrowStore(servers, runtime).then(async ({ store, release }) => {
    await followKeys({ store, range: { prefix: `${key}/` }, runtime, log, report, signal: stopped.signal });
    release();
  });
  following.catch((error: unknown) => log.error({ key, error }, "instances cannot be looked up at etcd"));
  return {
    target: `etcd:///${servers.Hosts.join(",")}?key=${key}`,
    authority: key,
    current: () => list.current(),
    onChange: (listener) => list.onChange(listener),
    close: async () => {
      stopped.abort();
      forgetting?.clear();
      await following.catch(() => {});
    },
  };
}

function isAddress(value: string, key: string, log: Logger): boolean {
  try {
    parseAddress(key, value);
    return true;
  } catch {
    log.warn({ key, address: value }, "ignoring an entry at etcd that is not host:port");
    return false;
  }
}
