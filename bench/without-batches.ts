import { createRequire } from "node:module";

/**
 * Loaded into a process (`node --import`) before mall: every row then has a statement of its own and every Redis
 * command a write of its own, as in a service that gathers nothing. It reaches into the libraries that gather,
 * because a mall has no use for a switch that only makes it slow.
 */

interface BatchLoader {
  _batchLoadFn(keys: readonly unknown[]): Promise<readonly unknown[]>;
}

interface RedisLike {
  options: { enableAutoPipelining: boolean };
  parseOptions(...args: unknown[]): void;
}

// The copies that the kit loads, whose dependencies they are.
const load = createRequire(new URL("../kit/package.json", import.meta.url));

const loader: { prototype: BatchLoader & { load(key: unknown): Promise<unknown> } } = load("dataloader");
loader.prototype.load = async function (this: BatchLoader, key: unknown) {
  const [result] = await this._batchLoadFn([key]);
  if (result instanceof Error) throw result;
  return result;
};

const redis: { Redis: { prototype: RedisLike } } = load("ioredis");
const { parseOptions } = redis.Redis.prototype;
redis.Redis.prototype.parseOptions = function (this: RedisLike, ...args: unknown[]) {
  parseOptions.apply(this, args);
  this.options.enableAutoPipelining = false;
};
