import { proveRedis } from "@mall/kit/cache";
import type { CacheConfig } from "@mall/kit/config";
import type { Runtime } from "@mall/kit/context";
import { type Finding, ok, warn } from "./finding.ts";

/** Can each node of a cache be used, with every command that the cache needs? */
export function checkCache(config: CacheConfig | undefined, runtime: Runtime): Promise<Finding[]> {
  return Promise.all(
    (config ?? []).map(async (node) => {
      const trouble = await proveRedis(node, runtime);
      if (trouble === undefined) return ok(`CacheRedis ${node.Host} can be used`);
      const [what, fix = "correct CacheRedis; until then rows come from the database"] =
        trouble.split(/: (.*)/s);
      return warn(`CacheRedis ${node.Host} is of no use: ${what}`, fix);
    }),
  );
}
