import type { Runtime } from "@mall/kit/context";
import { type RunningProcess, serveApi, serveRpc } from "@mall/kit/process";
import { orderApi } from "@mall/order/api/main";
import { orderRpc } from "@mall/order/rpc/main";
import { payApi } from "@mall/pay/api/main";
import { payRpc } from "@mall/pay/rpc/main";
import { productApi } from "@mall/product/api/main";
import { productRpc } from "@mall/product/rpc/main";
import { userApi } from "@mall/user/api/main";
import { userRpc } from "@mall/user/rpc/main";

type Serve = (configPath: string, runtime: Runtime) => Promise<RunningProcess>;

/** The eight processes of the split placement, by the name that `mall serve` takes. */
export const PROCESSES: ReadonlyMap<string, Serve> = new Map<string, Serve>([
  ["user.rpc", (path, runtime) => serveRpc(userRpc, path, runtime)],
  ["product.rpc", (path, runtime) => serveRpc(productRpc, path, runtime)],
  ["order.rpc", (path, runtime) => serveRpc(orderRpc, path, runtime)],
  ["pay.rpc", (path, runtime) => serveRpc(payRpc, path, runtime)],
  ["user.api", (path, runtime) => serveApi(userApi, path, runtime)],
  ["product.api", (path, runtime) => serveApi(productApi, path, runtime)],
  ["order.api", (path, runtime) => serveApi(orderApi, path, runtime)],
  ["pay.api", (path, runtime) => serveApi(payApi, path, runtime)],
]);

/** The migrations of all services; what several of them need is there once. */
export const MIGRATIONS = [
  ...new Set([userRpc, productRpc, orderRpc, payRpc].flatMap((process) => process.migrations)),
];

/** What a Go mall has made, whose form may be another than ours. */
export const GO_TABLES: readonly string[] = ["order", "pay", "product", "user"];
