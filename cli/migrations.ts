import { orderRpc } from "@mall/order/rpc/main";
import { payRpc } from "@mall/pay/rpc/main";
import { productRpc } from "@mall/product/rpc/main";
import { userRpc } from "@mall/user/rpc/main";

/** The migrations of all services; what several of them need is there once. */
export const MIGRATIONS = [
  ...new Set([userRpc, productRpc, orderRpc, payRpc].flatMap((process) => process.migrations)),
];

/** What a Go mall has made, whose form may be another than ours. */
export const GO_TABLES: readonly string[] = ["order", "pay", "product", "user"];
