import type { Runtime } from "@mall/kit/runtime";
import { EtcdMembers } from "./etcd-members.ts";
import type { EtcdServers } from "./etcd-options.ts";

/**
 * How a member of a cluster answers. `alone`: it is there and has no majority behind it, so that nothing can be
 * registered. `refused`: it does not let the account read the key.
 */
export type EtcdAnswer = "well" | "alone" | "refused" | "silent";

/**
 * Asks each member of a cluster for a key, as processes do that register or look up under it.
 *
 * @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE for a certificate file that cannot be read.
 */
export function probeEtcd(
  servers: EtcdServers,
  key: string,
  runtime: Runtime,
): Promise<{ readonly host: string; readonly answer: EtcdAnswer }[]> {
  const hosts = [...new Set(servers.Hosts)];
  return Promise.all(
    hosts.map(async (host) => ({
      host,
      answer: await probeMember({ ...servers, Hosts: [host] }, key, runtime),
    })),
  );
}

async function probeMember(servers: EtcdServers, key: string, runtime: Runtime): Promise<EtcdAnswer> {
  const member = await EtcdMembers.connect(servers, runtime);
  const read = (serializable: boolean): Promise<unknown> =>
    member.ask((etcd, soon) => etcd.kv.range({ key: Buffer.from(`${key}/`), serializable }, soon));
  try {
    await read(false);
    return "well";
  } catch (error) {
    if (member.isRefusal(error)) return "refused";
    return await read(true).then(
      () => "alone" as const,
      () => "silent" as const,
    );
  } finally {
    member.close();
  }
}
