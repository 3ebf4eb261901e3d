import { checkConfig, loadConfig, type RedisKeyConfig, redisKeyConfig } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import { RpcTokens } from "@mall/kit/process";
import { systemRuntime } from "@mall/kit/runtime";
import { type Command, InvalidArgumentError, Option } from "commander";
import { z } from "zod";

/** Where the command line says that the tokens of rpc auth are kept. */
export interface RpcTokensFlags {
  readonly file?: string;
  readonly redis?: string;
  readonly key?: string;
}

/** The tokens of rpc auth and what is known of the servers that ask for them. */
export interface FoundRpcTokens {
  readonly redis: RedisKeyConfig;
  /** `StrictControl` of the file; undefined where no file was named. */
  readonly strict: boolean | undefined;
}

/** The part of an rpc's configuration that leads to the tokens. */
const rpcAuthConfig = z.object({
  Redis: redisKeyConfig.optional(),
  StrictControl: z.boolean().default(false),
});

/** Adds the two ways to name the Redis hash; they exclude each other. */
export function addRpcTokensOptions(command: Command): Command {
  return command
    .addOption(
      new Option("-f, --file <file>", "configuration (YAML) of an rpc: its Redis block").conflicts([
        "redis",
        "key",
      ]),
    )
    .option("--redis <host:port>", "Redis without a password, with --key")
    .option("--key <key>", "the Redis hash that holds the tokens");
}

/**
 * Where the tokens are that the command line names.
 *
 * @throws AppError FAILED_PRECONDITION or InvalidArgumentError with one line that says what to do.
 */
export function findRpcTokens({ file, redis, key }: RpcTokensFlags): FoundRpcTokens {
  if (file !== undefined) {
    const { Redis, StrictControl } = loadConfig(file, rpcAuthConfig);
    if (Redis !== undefined) return { redis: Redis, strict: StrictControl };
    throw new AppError(
      "FAILED_PRECONDITION",
      "CONFIG_UNUSABLE",
      `${file} has no Redis block: name the file of an rpc that has one, or --redis HOST:PORT --key KEY`,
    );
  }
  if (redis === undefined || key === undefined) {
    throw new InvalidArgumentError("say where the tokens are: -f RPC.YAML, or --redis HOST:PORT --key KEY");
  }
  return { redis: checkConfig("--redis", { Host: redis, Key: key }, redisKeyConfig), strict: undefined };
}

/**
 * Does one thing with the tokens.
 *
 * @throws AppError FAILED_PRECONDITION REDIS_UNUSABLE with one line that says what to do.
 */
export async function withRpcTokens<T>(
  config: RedisKeyConfig,
  work: (tokens: RpcTokens) => Promise<T>,
): Promise<T> {
  const tokens = await RpcTokens.open({ config, runtime: systemRuntime });
  try {
    return await work(tokens);
  } catch (error) {
    throw new AppError("FAILED_PRECONDITION", "REDIS_UNUSABLE", explain(config, error), { cause: error });
  } finally {
    tokens.close();
  }
}

function explain({ Host, Key }: RedisKeyConfig, error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  if (/^(NOAUTH|WRONGPASS|NOPERM)\b/.test(said)) {
    return `Redis at ${Host} refuses this user: name a file with its User and Pass with -f`;
  }
  if (/^WRONGTYPE\b/.test(said)) return `${Key} of Redis at ${Host} is no hash of tokens: name another key`;
  return `Redis at ${Host} does not answer: check that it runs there`;
}
