import { rpcProcessConfig, sagaConfig } from "@mall/kit/config";
import { z } from "zod";

/** What the product rpc has of its own: nothing. */
export const productRpcBlock = z.object({});

export const productRpcConfig = rpcProcessConfig.extend({ Saga: sagaConfig.prefault({}) });

export type ProductRpcConfig = z.output<typeof productRpcConfig>;
