import { openRedisClient, type RedisClient } from "@mall/kit/cache";
import { backgroundCall, runWithTimeout } from "@mall/kit/call";
import type { RedisKeyConfig } from "@mall/kit/config";
import type { Runtime } from "@mall/kit/runtime";

/** What a caller waits for Redis at most; a call has two seconds in all by default. */
const ANSWER_MS_MAX = 500;
/** What a process waits at its start for the connection; without one it starts all the same. */
const CONNECT_MS_MAX = 2000;

export interface RpcTokensOptions {
  readonly config: RedisKeyConfig;
  readonly runtime: Runtime;
}

/**
 * The tokens that apps must show to call rpc services: the Redis hash `Redis.Key`, app to token in plain text,
 * shared with go-zero's processes. Every method rejects with what Redis or the connection said.
 */
export class RpcTokens {
  readonly #client: RedisClient;
  readonly #key: string;
  readonly #runtime: Runtime;
  /** Why there is no connection, as far as it is known. */
  #trouble: unknown;

  private constructor(client: RedisClient, { config, runtime }: RpcTokensOptions) {
    this.#client = client;
    this.#key = config.Key;
    this.#runtime = runtime;
  }

  /** Connects; resolves also where that fails, since Redis may come later. */
  static async open(options: RpcTokensOptions): Promise<RpcTokens> {
    const tokens = new RpcTokens(await openRedisClient(options.config), options);
    const { runtime } = options;
    await runWithTimeout(runtime, backgroundCall(), CONNECT_MS_MAX, () => tokens.#watch()).catch(() => {});
    return tokens;
  }

  /** The token of an app; undefined for one that was granted none. */
  async find(app: string): Promise<string | undefined> {
    return (await this.#within(this.#client.hget(this.#key, app))) ?? undefined;
  }

  /** Gives an app a token in place of the one it may have; true if it had none. */
  async grant(app: string, token: string): Promise<boolean> {
    return (await this.#within(this.#client.hset(this.#key, app, token))) === 1;
  }

  /** Takes the token of an app away; false if it had none. */
  async revoke(app: string): Promise<boolean> {
    return (await this.#within(this.#client.hdel(this.#key, app))) === 1;
  }

  /** The apps that have a token, in the order of their names. */
  async apps(): Promise<string[]> {
    return (await this.#within(this.#client.hkeys(this.#key))).sort();
  }

  close(): void {
    this.#client.disconnect();
  }

  /** Resolves when a connection is there or has failed. */
  #watch(): Promise<void> {
    return new Promise((resolve) => {
      this.#client.on("ready", () => {
        this.#trouble = undefined;
        resolve();
      });
      this.#client.on("error", (error: unknown) => {
        this.#trouble = error;
        resolve();
      });
    });
  }

  async #within<T>(command: Promise<T>): Promise<T> {
    try {
      return await runWithTimeout(this.#runtime, backgroundCall(), ANSWER_MS_MAX, () => command);
    } catch (error) {
      // Without a connection the command's own error says only that there is none.
      throw this.#trouble ?? error;
    }
  }
}
