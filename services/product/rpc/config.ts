import { mysqlConfig, rpcServerConfig } from "@mall/kit/config";
import type { z } from "zod";

export const productRpcConfig = rpcServerConfig.extend({ Mysql: mysqlConfig });

export type ProductRpcConfig = z.output<typeof productRpcConfig>;
