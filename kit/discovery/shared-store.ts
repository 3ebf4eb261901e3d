import type { Runtime } from "@mall/kit/runtime";
import type { EtcdServers } from "./etcd-options.ts";
import { connectEtcd, type EtcdStore } from "./etcd-store.ts";

/** One use of a connection that others in this process may use as well. */
export interface BorrowedStore {
  readonly store: EtcdStore;
  /** Ends this use; the last one closes the connection. */
  release(): void;
}

interface SharedStore {
  readonly store: Promise<EtcdStore>;
  users: number;
}

const stores = new Map<string, SharedStore>();

/** The connection to a cluster: one for each list of hosts and account, whoever registers or looks up there. */
export async function borrowStore(servers: EtcdServers, runtime: Runtime): Promise<BorrowedStore> {
  const { User, Pass, CertFile, CertKeyFile, CACertFile } = servers;
  const name = JSON.stringify([[...servers.Hosts].sort(), User, Pass, CertFile, CertKeyFile, CACertFile]);
  const shared = stores.get(name) ?? { store: connectEtcd(servers, runtime), users: 0 };
  stores.set(name, shared);
  shared.users += 1;
  const leave = (): boolean => {
    shared.users -= 1;
    if (shared.users > 0) return false;
    stores.delete(name);
    return true;
  };
  try {
    const store = await shared.store;
    return {
      store,
      release: () => {
        if (leave()) store.close();
      },
    };
  } catch (error) {
    leave();
    throw error;
  }
}
