import { type EtcdConfig, etcdConfig } from "@mall/kit/config";
import { type EtcdAnswer, probeEtcd } from "@mall/kit/discovery";
import type { Runtime } from "@mall/kit/runtime";
import { neighbourConfig } from "./check-neighbours.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

/** The blocks of a configuration that name an etcd. */
export const etcdBlocks = neighbourConfig.extend({ Etcd: etcdConfig.optional() });

/** Has each etcd that a configuration names a majority, and are all of its members there? */
export async function checkEtcd(
  blocks: ReturnType<typeof etcdBlocks.parse>,
  runtime: Runtime,
): Promise<Finding[]> {
  const named = Object.values(blocks).map((block): EtcdConfig | undefined =>
    block !== undefined && "Endpoints" in block ? block.Etcd : block,
  );
  const clusters = new Map<string, EtcdConfig>();
  for (const block of named) {
    const hosts = [...new Set(block?.Hosts)].sort().join(", ");
    if (block !== undefined && hosts !== "" && !clusters.has(hosts)) clusters.set(hosts, block);
  }
  const findings = await Promise.all(
    [...clusters].map(async ([hosts, block]) => judge(hosts, await probeEtcd(block, block.Key, runtime))),
  );
  return findings.flat();
}

function judge(
  hosts: string,
  members: readonly { readonly host: string; readonly answer: EtcdAnswer }[],
): Finding[] {
  const those = (answer: EtcdAnswer): string[] =>
    members.filter((member) => member.answer === answer).map(({ host }) => host);
  const [well, alone, refused, silent] = [those("well"), those("alone"), those("refused"), those("silent")];
  if (refused.length > 0) {
    return [
      fail(
        `etcd ${refused.join(", ")} refuses the account`,
        "check Etcd.User and Etcd.Pass, and what that user may read",
      ),
    ];
  }
  if (well.length > 0) {
    if (well.length === members.length) return [ok(`etcd ${hosts}: all members answer`)];
    const away = [...alone, ...silent].join(", ");
    return [
      warn(
        `etcd ${away} does not answer, ${well.length} of ${members.length} members do`,
        "start it, or correct Etcd.Hosts: with more of them away no process can register",
      ),
    ];
  }
  if (alone.length > 0) {
    return [
      fail(
        `etcd ${alone.join(", ")} has no majority: nothing can be registered or looked up`,
        `start the other members${silent.length > 0 ? ` (${silent.join(", ")})` : ""}`,
      ),
    ];
  }
  return [fail(`etcd ${hosts} does not answer`, "start it, or correct Etcd.Hosts (and its certificates)")];
}
