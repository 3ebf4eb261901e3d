import { proveRedis, type RedisFacts, readRedisFacts } from "@mall/kit/cache";
import type { CacheConfig, RedisConfig } from "@mall/kit/config";
import type { Runtime } from "@mall/kit/runtime";
import { type Finding, ok, warn } from "./finding.ts";

const MIB = 1024 * 1024;

/** Can each node of a cache be used, with every command that the cache needs, and goes on to take rows once it is full? */
export async function checkCache(config: CacheConfig | undefined, runtime: Runtime): Promise<Finding[]> {
  const findings = await Promise.all((config ?? []).map((node) => checkNode(node, runtime)));
  return findings.flat();
}

async function checkNode(node: RedisConfig, runtime: Runtime): Promise<Finding[]> {
  const trouble = await proveRedis(node, runtime);
  if (trouble === undefined) {
    const usable = ok(`CacheRedis ${node.Host} can be used`);
    return [usable, ...(await factsIfTold(node, runtime)).flatMap((facts) => judgeRoom(node, facts))];
  }
  const [what, fix = "correct CacheRedis; until then rows come from the database"] = trouble.split(/: (.*)/s);
  return [warn(`CacheRedis ${node.Host} is of no use: ${what}`, fix)];
}

/** A cache may lose anything at any time, but one that is full and keeps all takes no marks, and so is of no use. */
function judgeRoom({ Host }: RedisConfig, { bytesMax, evictionPolicy }: RedisFacts): Finding[] {
  if (bytesMax === 0 || evictionPolicy !== "noeviction") return [];
  return [
    warn(
      `CacheRedis ${Host} takes nothing more once it holds ${Math.ceil(bytesMax / MIB)} MiB (maxmemory-policy noeviction)`,
      "set maxmemory-policy to allkeys-lru; where it holds rpc tokens too, to volatile-lru",
    ),
  ];
}

/** A user need not be allowed to ask for them. */
export async function factsIfTold(node: RedisConfig, runtime: Runtime): Promise<RedisFacts[]> {
  try {
    return await readRedisFacts(node, runtime);
  } catch {
    return [];
  }
}
