import { type RedisKeyConfig, redisKeyConfig } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import type { Runtime } from "@mall/kit/runtime";
import { z } from "zod";
import { withRpcTokens } from "../operator/rpc-tokens.ts";
import { factsIfTold } from "./check-redis.ts";
import { type Finding, fail, failure, ok, warn } from "./finding.ts";

/** The part of an rpc's configuration that says whom it lets in. */
export const rpcAuthBlock = z.object({
  Auth: z.boolean().default(false),
  Redis: redisKeyConfig.optional(),
  StrictControl: z.boolean().default(false),
});

/** Are the tokens there that an rpc asks its callers for, and do they stay? */
export async function checkRpcTokens(
  { Auth, Redis, StrictControl }: ReturnType<typeof rpcAuthBlock.parse>,
  runtime: Runtime,
): Promise<Finding[]> {
  if (!Auth || Redis === undefined) return [];
  const text = `Redis ${Redis.Host}, key ${Redis.Key}`;
  const grave = (what: string, fix: string): Finding =>
    StrictControl
      ? fail(`${what}: every caller is refused`, fix)
      : warn(`${what}: every caller is let in`, fix);
  try {
    const apps = await countApps(Redis);
    const [facts] = await factsIfTold(Redis, runtime);
    if (apps === 0) {
      const elsewhere = (facts?.databases ?? []).filter((database) => database !== 0);
      const hint =
        elsewhere.length === 0 ? "" : `; database ${elsewhere.join(", ")} has keys, but 0 is asked`;
      return [grave(`${text} holds no token${hint}`, "correct Redis.Key, or grant one: mall rpc-auth grant")];
    }
    const found = ok(
      apps === undefined
        ? `${text} can be asked for tokens`
        : `${text} holds ${apps} ${apps === 1 ? "token" : "tokens"}`,
    );
    if (facts === undefined || facts.bytesMax === 0 || !facts.evictionPolicy.startsWith("allkeys-"))
      return [found];
    return [
      found,
      warn(
        `Redis ${Redis.Host} may drop the tokens when it is full (maxmemory-policy ${facts.evictionPolicy})`,
        "keep them in a Redis of their own, or set maxmemory-policy to volatile-lru, which drops cached rows alone",
      ),
    ];
  } catch (error) {
    const [what = "", fix = "correct the Redis block"] = failure(error).what.split(/: (.*)/s);
    return [grave(what, fix)];
  }
}

/** How many there are; undefined where this user may only look one up. */
async function countApps(redis: RedisKeyConfig): Promise<number | undefined> {
  await withRpcTokens(redis, (tokens) => tokens.find("mall-doctor"));
  try {
    return (await withRpcTokens(redis, (tokens) => tokens.apps())).length;
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}
