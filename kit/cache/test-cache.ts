import { cacheConfig } from "@mall/kit/config";
import { type Logger, silentLogger } from "@mall/kit/log";
import { noopObserver, type Observer } from "@mall/kit/observe";
import { systemRuntime } from "@mall/kit/runtime";
import { startRedis, type TestRedis, until } from "@mall/kit/testing";
import { Redis } from "ioredis";
import { type Cache, type CacheSource, type CacheWrite, createCache, type Loaded } from "./cache.ts";

/** Keys of all entries that tests read. */
export const TEST_PREFIX = "cache:test:";

/** A Redis of one test file, caches on it, and a connection that does what a Go process does. */
export class TestCaches {
  readonly redis: TestRedis;
  readonly #caches: Cache[] = [];
  readonly #clients: Redis[] = [];

  private constructor(redis: TestRedis) {
    this.redis = redis;
  }

  static async start(options: readonly string[] = []): Promise<TestCaches> {
    return new TestCaches(await startRedis(options));
  }

  /** A raw connection. */
  connect(server: TestRedis = this.redis): Redis {
    const [host = "", port = ""] = server.host.split(":");
    const client = new Redis(Number(port), host, { retryStrategy: () => 20 });
    client.on("error", () => {});
    this.#clients.push(client);
    return client;
  }

  /** The cache of one process. */
  async open(options: { observer?: Observer; log?: Logger; nodes?: object[] } = {}): Promise<Cache> {
    const { observer = noopObserver, log = silentLogger, nodes = [{ Host: this.redis.host }] } = options;
    const cache = await createCache(cacheConfig.parse(nodes), { runtime: systemRuntime, log, observer });
    cache.claim(TEST_PREFIX);
    this.#caches.push(cache);
    return cache;
  }

  /** A cache that is connected and believes its entries. */
  async openTrusted(options: Parameters<TestCaches["open"]>[0] = {}): Promise<Cache> {
    const cache = await this.open(options);
    await untilTrusted(cache);
    return cache;
  }

  async stop(): Promise<void> {
    for (const cache of this.#caches) await cache.close();
    for (const client of this.#clients) client.disconnect();
    await this.redis.stop();
  }
}

/** Waits until a read is answered by the entry that an earlier one left. */
export async function untilTrusted(cache: Cache): Promise<void> {
  const key = `${TEST_PREFIX}trusted:${Math.random()}`;
  let loads = 0;
  const source = textSource(async () => {
    loads += 1;
    return "there";
  });
  await until("the cache believes its entries", async () => {
    const before = loads;
    await cache.take(key, source);
    return loads === before;
  });
}

/** A write that Redis knows of. */
export async function begun(cache: Cache, keys: readonly string[]): Promise<CacheWrite> {
  const write = cache.begin(keys);
  await write.begun;
  return write;
}

/** Texts that are their own entries; undefined is a row that does not exist. */
export function textSource(
  load: () => Promise<string | undefined>,
  options: Partial<CacheSource<string>> = {},
): CacheSource<string> {
  return {
    table: "test",
    decode: (text) => (text.startsWith("bad") ? undefined : text),
    load: async (): Promise<Loaded<string>> => {
      const value = await load();
      return { value, entry: value ?? (options.trustsPlaceholder === true ? "*" : undefined) };
    },
    trustsPlaceholder: false,
    extraSeconds: 0,
    ...options,
  };
}

/** A row in a database whose reads a test lets through one by one. */
export class SteeredRow {
  value: string | undefined;
  readonly #waiting: (() => void)[] = [];
  #held = false;

  constructor(value: string | undefined) {
    this.value = value;
  }

  /** Reads see the row at once, but their answers wait for `release`. */
  hold(): void {
    this.#held = true;
  }

  async release(): Promise<void> {
    this.#held = false;
    for (const go of this.#waiting.splice(0)) go();
  }

  get readers(): number {
    return this.#waiting.length;
  }

  readonly source: CacheSource<string> = textSource(async () => {
    const { value } = this;
    if (this.#held) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return value;
  });
}
