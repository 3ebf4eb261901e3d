import { type Cache, type CacheOptions, createCache } from "@mall/kit/cache";
import type { CacheConfig } from "@mall/kit/config";

/** The caches of a process, each connected once. */
export interface Caches {
  readonly open: (config: CacheConfig | undefined) => Promise<Cache | undefined>;
  close(): Promise<void>;
}

/** Opens caches when they are first asked for. */
export function createCaches(options: CacheOptions): Caches {
  const opened = new Map<string, Promise<Cache>>();
  return {
    open: async (config) => {
      if (config === undefined) return undefined;
      const name = JSON.stringify(config);
      const cache = opened.get(name) ?? createCache(config, options);
      opened.set(name, cache);
      return cache;
    },
    close: async () => {
      for (const cache of await Promise.allSettled(opened.values())) {
        if (cache.status === "fulfilled") await cache.value.close();
      }
    },
  };
}
