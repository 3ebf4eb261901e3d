export { type DtmConfig, dtmConfig } from "./blocks/dtm.ts";
export { type EtcdConfig, etcdConfig } from "./blocks/etcd.ts";
export type { LogConfig } from "./blocks/log.ts";
export {
  apiProcessConfig,
  currencyCode,
  expiry,
  type JobsConfig,
  jobsConfig,
  mysqlConfig,
  rpcProcessConfig,
  SAGA_OPEN_MS_MAX,
  type SagaConfig,
  sagaConfig,
} from "./blocks/mall.ts";
export {
  type DevServerConfig,
  devServerConfig,
  type PrometheusConfig,
  type TelemetryConfig,
} from "./blocks/observe.ts";
export {
  type CacheConfig,
  cacheConfig,
  type RedisConfig,
  type RedisKeyConfig,
  type RowCacheConfig,
  redisKeyConfig,
  rowCache,
  rowCacheHasNodes,
} from "./blocks/redis.ts";
export { corsConfig, type RestConfig, restConfig } from "./blocks/rest.ts";
export {
  type RpcClientConfig,
  type RpcServerConfig,
  rpcClientConfig,
  rpcServerConfig,
} from "./blocks/rpc.ts";
export { type ServiceConfig, type ShutdownConfig, serviceConfig, shutdownConfig } from "./blocks/service.ts";
export { duration, listenHost, moved, optionalDuration, seconds, secret } from "./key.ts";
export { checkConfig, loadConfig, type ReadConfig, readConfig } from "./load-config.ts";
export type { ConfigNote } from "./reading.ts";
