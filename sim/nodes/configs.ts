import { checkConfig } from "@mall/kit/config";
import { orderApi } from "@mall/order/api/main";
import { orderRpc } from "@mall/order/rpc/main";
import { payApi } from "@mall/pay/api/main";
import { payRpc } from "@mall/pay/rpc/main";
import { productApi } from "@mall/product/api/main";
import { productRpc } from "@mall/product/rpc/main";
import { userRpc } from "@mall/user/rpc/main";

/** Where the mall finds its channel, and the channel the mall. */
export const BANK = {
  host: "bank.sim",
  channel: "sandbox",
  AppId: "mall",
  Secret: "a secret of the mall and its bank",
} as const;

const NEIGHBOURS = { UserRpc: {}, ProductRpc: {}, OrderRpc: {}, PayRpc: {} };

function rpcValues(name: string): object {
  const own = { Mysql: { DataSource: "sqlite:sim" }, Jobs: { Interval: "4s" } };
  return { Name: name, Mode: "pro", ListenOn: "127.0.0.1:1", ...own, ...NEIGHBOURS };
}

function apiValues(name: string): object {
  const auth = { AccessSecret: "0123456789abcdef0123456789abcdef", AccessExpire: 86_400 };
  return { Name: name, Mode: "pro", Host: "127.0.0.1", Port: 1, Auth: auth, ...NEIGHBOURS };
}

const SANDBOX = {
  Gateway: `http://${BANK.host}/sandbox`,
  AppId: BANK.AppId,
  Secret: BANK.Secret,
  NotifyUrl: "http://mall.sim/api/pay/notify/sandbox",
};

/** The configuration of each rpc process: short times, so that a run sees their ends. */
export const RPC_CONFIGS = {
  user: checkConfig("user.rpc", rpcValues("user.rpc"), userRpc.config),
  product: checkConfig("product.rpc", rpcValues("product.rpc"), productRpc.config),
  order: checkConfig("order.rpc", { ...rpcValues("order.rpc"), OrderExpire: "45s" }, orderRpc.config),
};

const NO_CHANNELS = {};
/** Somebody decides in time, or does not, milliseconds. */
const APPROVAL_MS = 30_000;
/** By the further channels: keys take long to check. */
const payConfigs = new WeakMap<object, PayConfig>();

/**
 * The configuration of the pay rpc with further channels, as its block `Channels` has them.
 *
 * @param above what one person may move alone, minor units; 0: all.
 */
export function payConfig(channels: object = NO_CHANNELS, above = 0): PayConfig {
  const known = payConfigs.get(channels) ?? checkPayConfig(channels);
  payConfigs.set(channels, known);
  return { ...known, Approval: { Above: above, Expire: APPROVAL_MS } };
}

function checkPayConfig(channels: object) {
  const values = { ...rpcValues("pay.rpc"), PayExpire: "30s", Channels: { Sandbox: SANDBOX, ...channels } };
  return checkConfig("pay.rpc", values, payRpc.config);
}

export type PayConfig = ReturnType<typeof checkPayConfig>;

/** The configuration of each api process. */
export const API_CONFIGS = {
  product: checkConfig("product.api", apiValues("product.api"), productApi.config),
  order: checkConfig("order.api", apiValues("order.api"), orderApi.config),
  pay: checkConfig("pay.api", apiValues("pay.api"), payApi.config),
};
