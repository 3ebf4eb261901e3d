import { asWritten } from "@mall/kit/config";
import { publishedAddress } from "@mall/kit/discovery";
import { AppError } from "@mall/kit/errors";
import type { ApiProcess, ApiProcessConfig, RpcProcess, RpcProcessConfig } from "@mall/kit/process";
import { formatAddress } from "@mall/kit/rpc";
import type { ChannelsConfig } from "@mall/pay/channels";
import type { AllInOneConfig } from "./config.ts";

/** What the parts of the process have of their own, or what only it can tell them. */
export interface PartOptions {
  readonly config: AllInOneConfig;
  readonly dataSource: string;
  readonly accessSecret: string;
  /** Where buyers pay; what the configuration says by default. */
  readonly channels?: ChannelsConfig;
}

/** Every neighbour is a function call away: their configuration blocks are only there. */
const NEIGHBOURS = { UserRpc: {}, ProductRpc: {}, OrderRpc: {}, PayRpc: {} };

/** The configuration of an rpc within the process: whatever its own knows too, and its port. */
export function rpcValues<Config extends RpcProcessConfig, Client>(
  { config, dataSource, channels }: PartOptions,
  rpc: RpcProcess<Config, Client>,
  port: number,
): object {
  return {
    ...asWritten(config, rpc.config),
    ...NEIGHBOURS,
    ...dtmNeighbours(config),
    Name: rpc.name,
    ListenOn: formatAddress({ host: config.RpcHost, port }),
    Mysql: { DataSource: dataSource },
    // Of another meaning here: the secret of people's tokens.
    Auth: false,
    ...(channels && { Channels: channels }),
  };
}

/** As {@link rpcValues}, of an api. */
export function apiValues<Config extends ApiProcessConfig>(
  { config, accessSecret }: PartOptions,
  api: ApiProcess<Config>,
  port: number,
): object {
  const Auth = { AccessSecret: accessSecret, AccessExpire: config.Auth.AccessExpire };
  return { ...asWritten(config, api.config), ...NEIGHBOURS, Name: api.name, Port: port, Auth };
}

/**
 * A DTM server calls rpc ports of this process, and must know them beforehand.
 *
 * @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE naming the key.
 */
export function refuseUnknownPorts({ Dtm, Product, Order, Pay }: AllInOneConfig): void {
  if (Dtm === undefined) return;
  const own = Dtm.Self === "" ? { "Order.Rpc": Order.Rpc, "Pay.Rpc": Pay.Rpc } : {};
  for (const [field, port] of Object.entries({ "Product.Rpc": Product.Rpc, ...own })) {
    if (port !== 0) continue;
    const text = `${field} takes any free port, and the DTM server of the Dtm block must know which: name one`;
    throw new AppError("FAILED_PRECONDITION", "CONFIG_UNUSABLE", text, { field });
  }
}

/** Where a DTM server finds those neighbours that it calls; over here they are no more than a function call away. */
function dtmNeighbours({ Dtm, RpcHost, Product }: AllInOneConfig): object {
  if (Dtm === undefined) return {};
  return {
    ProductRpc: { Endpoints: [publishedAddress(formatAddress({ host: RpcHost, port: Product.Rpc }))] },
  };
}
