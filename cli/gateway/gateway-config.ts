import { apiProcessConfig, cacheConfig, currencyCode, rpcClientConfig } from "@mall/kit/config";
import type { AnyApiProcess } from "@mall/kit/process";
import type { z } from "zod";
import { consoleConfig, shopConfig } from "../pages/console-config.ts";

const keys = apiProcessConfig.safeExtend({
  /** As in the user api: where the attempts of client addresses are counted by all instances together. */
  CacheRedis: cacheConfig.optional(),
  UserRpc: rpcClientConfig,
  /** What the prices of the console and the shop are in; as in the pay rpc. */
  Currency: currencyCode.default("CNY"),
  Console: consoleConfig.prefault({}),
  Shop: shopConfig.prefault({}),
});

export type GatewayConfig = z.output<typeof keys>;

/** What a gateway is configured with: all that these apis are, their rpcs' blocks by these names, and its pages. */
export function gatewayConfig(
  apis: readonly Pick<AnyApiProcess, "block">[],
  neighbours: readonly string[],
): typeof keys {
  const blocks = Object.assign({}, ...apis.map(({ block }) => block.shape));
  const rpcs = Object.fromEntries(neighbours.map((name) => [name, rpcClientConfig]));
  // The compiler cannot know which services there are: each api reads its own keys.
  return keys.safeExtend({ ...blocks, ...rpcs }) as unknown as typeof keys;
}
