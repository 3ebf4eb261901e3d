import { mysqlConfig, rpcClientConfig, rpcServerConfig } from "@mall/kit/config";
import type { z } from "zod";

export const orderRpcConfig = rpcServerConfig.extend({
  Mysql: mysqlConfig,
  UserRpc: rpcClientConfig,
  ProductRpc: rpcClientConfig,
});

export type OrderRpcConfig = z.output<typeof orderRpcConfig>;
