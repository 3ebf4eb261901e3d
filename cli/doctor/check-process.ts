import { cacheConfig, loadConfig, rowCache } from "@mall/kit/config";
import {
  type ApiProcess,
  type ApiProcessConfig,
  apiExposures,
  type RpcProcess,
  type RpcProcessConfig,
  rpcExposures,
} from "@mall/kit/process";
import { parseAddress } from "@mall/kit/rpc";
import type { Runtime } from "@mall/kit/runtime";
import { orderApi } from "@mall/order/api/main";
import { orderRpc } from "@mall/order/rpc/main";
import { payApi } from "@mall/pay/api/main";
import { payRpc } from "@mall/pay/rpc/main";
import { productApi } from "@mall/product/api/main";
import { productRpc } from "@mall/product/rpc/main";
import { userApi } from "@mall/user/api/main";
import { userRpc } from "@mall/user/rpc/main";
import { z } from "zod";
import type { ServiceName } from "../operator/probe.ts";
import { checkDatabase } from "./check-database.ts";
import { checkEtcd, etcdBlocks } from "./check-etcd.ts";
import { checkDtm, checkNeighbours } from "./check-neighbours.ts";
import { checkPort } from "./check-port.ts";
import { checkCache } from "./check-redis.ts";
import { checkRowCache } from "./check-row-cache.ts";
import { checkRpcTokens, rpcAuthBlock } from "./check-rpc-tokens.ts";
import { type Finding, ok, warn } from "./finding.ts";

type RpcToCheck = Pick<RpcProcess<RpcProcessConfig, unknown>, "name" | "config" | "migrations" | "exposures">;

const cacheBlock = z.object({ CacheRedis: cacheConfig.optional() });

const rowCacheBlock = cacheBlock.extend({ RowCache: rowCache("read") });

const RPCS: Readonly<Record<ServiceName, RpcToCheck>> = {
  user: userRpc,
  product: productRpc,
  order: orderRpc,
  pay: payRpc,
};

const APIS: Readonly<Record<ServiceName, Pick<ApiProcess<ApiProcessConfig>, "config" | "exposures">>> = {
  user: userApi,
  product: productApi,
  order: orderApi,
  pay: payApi,
};

/**
 * Looks at what a gRPC process of the split placement needs: its file, port, database, Redis, etcd, neighbours and
 * DTM server.
 *
 * @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE.
 */
export async function checkRpcProcess(
  path: string,
  service: ServiceName,
  runtime: Runtime,
): Promise<Finding[]> {
  const { config: schema, migrations } = RPCS[service];
  const config = loadConfig(path, schema);
  const name = `${service}.rpc`;
  const { ListenOn, Mysql, Dtm } = config;
  const { host, port } = parseAddress("ListenOn", ListenOn);
  const database = { dataSource: Mysql.DataSource, sets: migrations, migratesItself: false, runtime };
  return [
    ok(`${name}: ${path} can be used`),
    await checkPort({ name, kind: "rpc", service, host, port }, runtime),
    ...rpcExposures(RPCS[service], config).map(({ text, fix }) => warn(text, fix)),
    ...(await checkDatabase(database)),
    ...(await checkCache(loadConfig(path, cacheBlock).CacheRedis, runtime)),
    ...(await checkRowCache(loadConfig(path, rowCacheBlock), [service], runtime)),
    ...(await checkRpcTokens(loadConfig(path, rpcAuthBlock), runtime)),
    ...(await checkEtcd(loadConfig(path, etcdBlocks), runtime)),
    ...(await checkNeighbours(loadConfig(path, etcdBlocks), runtime)),
    ...(await checkDtm(Dtm, runtime)),
  ];
}

/**
 * Looks at what an HTTP process of the split placement needs: its file, port, Redis, etcd and rpc.
 *
 * @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE.
 */
export async function checkApiProcess(
  path: string,
  service: ServiceName,
  runtime: Runtime,
): Promise<Finding[]> {
  const name = `${service}.api`;
  const config = loadConfig(path, APIS[service].config);
  const { Host: host, Port: port } = config;
  return [
    ok(`${name}: ${path} can be used`),
    await checkPort({ name, kind: "api", service, host, port }, runtime),
    ...apiExposures(APIS[service], config).map(({ text, fix }) => warn(text, fix)),
    ...(await checkCache(loadConfig(path, cacheBlock).CacheRedis, runtime)),
    ...(await checkEtcd(loadConfig(path, etcdBlocks), runtime)),
    ...(await checkNeighbours(loadConfig(path, etcdBlocks), runtime)),
  ];
}
