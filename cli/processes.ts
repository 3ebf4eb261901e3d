import { type Companions, type RunningProcess, serveApi, serveRpc } from "@mall/kit/process";
import type { Runtime } from "@mall/kit/runtime";

/** Starts one of them by its configuration file. */
export type Serve = (configPath: string, runtime: Runtime, companions: Companions) => Promise<RunningProcess>;

/**
 * The eight processes of the split placement, by the name that `mall serve` takes, neighbours before those who call
 * them. Each is read when it is served: one does not start with the other seven.
 */
export const PROCESSES: ReadonlyMap<string, Serve> = new Map<string, Serve>([
  ["user.rpc", async (...own) => serveRpc((await import("@mall/user/rpc/main")).userRpc, ...own)],
  ["product.rpc", async (...own) => serveRpc((await import("@mall/product/rpc/main")).productRpc, ...own)],
  ["order.rpc", async (...own) => serveRpc((await import("@mall/order/rpc/main")).orderRpc, ...own)],
  ["pay.rpc", async (...own) => serveRpc((await import("@mall/pay/rpc/main")).payRpc, ...own)],
  ["user.api", async (...own) => serveApi((await import("@mall/user/api/main")).userApi, ...own)],
  ["product.api", async (...own) => serveApi((await import("@mall/product/api/main")).productApi, ...own)],
  ["order.api", async (...own) => serveApi((await import("@mall/order/api/main")).orderApi, ...own)],
  ["pay.api", async (...own) => serveApi((await import("@mall/pay/api/main")).payApi, ...own)],
]);
