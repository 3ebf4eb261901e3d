import { findKey } from "@mall/kit/cache";
import type { RedisConfig, RowCacheConfig } from "@mall/kit/config";
import type { Runtime } from "@mall/kit/runtime";
import { type Finding, ok, warn } from "./finding.ts";

const OTHERS =
  "set RowCache: clear while a Go process or another mall reads rows there; if none does, they end by themselves within 7 days";

/** What becomes of a process's rows in its cache, and does somebody keep some there who would not hear of changes? */
export async function checkRowCache(
  { CacheRedis, RowCache }: RowCacheConfig,
  services: readonly string[],
  runtime: Runtime,
): Promise<Finding[]> {
  if (CacheRedis === undefined) return [];
  if (RowCache === "read") return [ok("rows are read from CacheRedis (RowCache: read)")];
  if (RowCache === "clear") {
    return [ok("rows are removed from CacheRedis as they change, and not read there (RowCache: clear)")];
  }
  const findings: Finding[] = [];
  for (const node of CacheRedis) findings.push(...(await findOthers(node, services, runtime)));
  return findings.length > 0 ? findings : [ok("rows are not kept in CacheRedis (RowCache: unused)")];
}

async function findOthers(
  node: RedisConfig,
  services: readonly string[],
  runtime: Runtime,
): Promise<Finding[]> {
  const prefixes = services.map((service) => `cache:${service}:`);
  // That Redis does not answer is reported elsewhere.
  const key = await findKey(node, prefixes, runtime).catch(() => undefined);
  if (key === undefined) return [];
  const what = `CacheRedis ${node.Host} holds rows (${key}), which do not hear of changes made here (RowCache: unused)`;
  return [warn(what, OTHERS)];
}
