import { cacheConfig, currencyCode, loadConfig, rowCache } from "@mall/kit/config";
import {
  type AnyRpcProcess,
  type ApiProcessConfig,
  apiExposures,
  rpcExposures,
  type ServedApi,
} from "@mall/kit/process";
import { parseAddress } from "@mall/kit/rpc";
import type { Runtime } from "@mall/kit/runtime";
import { channelsConfig } from "@mall/pay/channels";
import { z } from "zod";
import { checkChannels } from "./check-channels.ts";
import { checkDatabase } from "./check-database.ts";
import { checkEtcd, etcdBlocks } from "./check-etcd.ts";
import { checkDtm, checkNeighbours } from "./check-neighbours.ts";
import { checkPort, servesMethods, servesRoutes } from "./check-port.ts";
import { checkCache } from "./check-redis.ts";
import { checkRowCache } from "./check-row-cache.ts";
import { checkRpcTokens, rpcAuthBlock } from "./check-rpc-tokens.ts";
import { type Finding, ok, warn } from "./finding.ts";

const cacheBlock = z.object({ CacheRedis: cacheConfig.optional() });

const channelsBlock = z.object({
  Channels: channelsConfig.prefault({}),
  Currency: currencyCode.default("CNY"),
});

const rowCacheBlock = cacheBlock.extend({ RowCache: rowCache("read") });

/**
 * Looks at what a gRPC process of the split placement needs: its file, port, database, Redis, etcd, neighbours,
 * DTM server and payment channels.
 *
 * @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE.
 */
export async function checkRpcProcess(
  path: string,
  service: { readonly name: string; readonly rpc: AnyRpcProcess },
  runtime: Runtime,
): Promise<Finding[]> {
  const { name, config: schema, migrations } = service.rpc;
  const config = loadConfig(path, schema);
  const { ListenOn, Mysql, Dtm } = config;
  const { host, port } = parseAddress("ListenOn", ListenOn);
  const { Channels: channels, Currency: currency } = loadConfig(path, channelsBlock);
  const own = { dataSource: Mysql.DataSource, sets: migrations, migratesItself: false };
  return [
    ok(`${name}: ${path} can be used`),
    await checkPort({ name, host, port, servedAt: servesMethods(service.rpc, runtime) }),
    ...rpcExposures(service.rpc, config).map(({ text, fix }) => warn(text, fix)),
    ...(await checkDatabase({ ...own, runtime, channels })),
    ...(await checkCache(loadConfig(path, cacheBlock).CacheRedis, runtime)),
    ...(await checkRowCache(loadConfig(path, rowCacheBlock), [service.name], runtime)),
    ...(await checkRpcTokens(loadConfig(path, rpcAuthBlock), runtime)),
    ...(await checkEtcd(loadConfig(path, etcdBlocks), runtime)),
    ...(await checkNeighbours(loadConfig(path, etcdBlocks), runtime)),
    ...(await checkDtm(Dtm, runtime)),
    ...(await checkChannels(channels, currency, runtime)),
  ];
}

/**
 * Looks at what an HTTP process of the split placement needs: its file, port, Redis, etcd and rpc.
 *
 * @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE.
 */
export async function checkApiProcess(
  path: string,
  api: ServedApi<ApiProcessConfig>,
  runtime: Runtime,
): Promise<Finding[]> {
  const { name } = api;
  const config = loadConfig(path, api.config);
  const { Host: host, Port: port } = config;
  return [
    ok(`${name}: ${path} can be used`),
    await checkPort({ name, host, port, servedAt: servesRoutes(api) }),
    ...apiExposures(api, config).map(({ text, fix }) => warn(text, fix)),
    ...(await checkCache(loadConfig(path, cacheBlock).CacheRedis, runtime)),
    ...(await checkEtcd(loadConfig(path, etcdBlocks), runtime)),
    ...(await checkNeighbours(loadConfig(path, etcdBlocks), runtime)),
  ];
}
