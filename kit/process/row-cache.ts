import type { Cache } from "@mall/kit/cache";
import type { Call } from "@mall/kit/call";
import type { RowCacheConfig } from "@mall/kit/config";
import type { TableDefinition } from "@mall/kit/store";
import type { Placement } from "./placement.ts";

/**
 * The cache that rows of a table are read through; undefined where the database answers. A process that will not announce
 * its changes says so in Redis, so that whoever begins to read rows there later removes the old ones first.
 */
export async function rowsToRead(
  placement: Pick<Placement, "cache">,
  { CacheRedis, RowCache }: RowCacheConfig,
  table: TableDefinition,
): Promise<Cache | undefined> {
  if (RowCache === "clear") return undefined;
  const cache = await placement.cache(CacheRedis);
  if (RowCache === "read") return cache;
  for (const prefix of Object.values(table.cache?.prefixes ?? {})) cache?.disown(prefix);
  return undefined;
}

/** The cache whose entries are removed as their rows change; undefined where nobody reads any. */
export async function rowsToClear(
  placement: Pick<Placement, "cache">,
  { CacheRedis, RowCache }: RowCacheConfig,
): Promise<Cache | undefined> {
  return RowCache === "unused" ? undefined : placement.cache(CacheRedis);
}

/** A method that answers a question. */
type Question<Request, Response> = (call: Call, request: Request) => Promise<Response>;

/** A method answered by `cached` for callers that allow answers from the cache, and by `fresh` for all others. */
export function cachedIfAllowed<Request extends { readonly allowCached?: boolean | undefined }, Response>(
  fresh: Question<Request, Response>,
  cached: Question<Request, Response>,
): Question<Request, Response> {
  return (call, request) => (request.allowCached ? cached(call, request) : fresh(call, request));
}
