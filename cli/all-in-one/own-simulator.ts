import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createNetworkTransport } from "@mall/kit/http";
import type { Logger } from "@mall/kit/log";
import type { Address } from "@mall/kit/process";
import type { Runtime } from "@mall/kit/runtime";
import { type ChannelsConfig, channelsConfig } from "@mall/pay/channels";
import { ensureMallFile, mallFileIn } from "../simulator/mall-file.ts";
import { channelsIn } from "./channels.ts";
import type { AllInOneConfig } from "./config.ts";
import { OWN_GATEWAY, type OwnGateway } from "./own-gateway.ts";

/** Of the accounts there: a real one that comes later is another, and is never asked about what was paid here. */
const SUFFIX = "-sim";

/** The simulator that the process serves beside its gateway, and the accounts that its mall has there. */
export interface OwnSimulator {
  /** The configured accounts, and those at the simulator. */
  readonly channels: ChannelsConfig;
  /** Where it listens. */
  readonly addresses: readonly Address[];
  /** Its pages, as buyers reach them; undefined where there is none. */
  readonly pagesUrl: string | undefined;
  close(): Promise<void>;
}

/**
 * Whether the process serves a simulator of the real channels: while a mall is being tried in one process that has its
 * database to itself and no account at a real channel, unless the configuration says.
 */
export function hasOwnSimulator(config: AllInOneConfig): boolean {
  const { Mode, Mysql, Simulator } = config;
  return Simulator.Enabled ?? (Mode !== "pro" && Mysql.DataSource === "" && !hasAccounts(channelsIn(config)));
}

function hasAccounts({ Alipay, Stripe, WechatPay }: ChannelsConfig): boolean {
  return Alipay.length + Stripe.length + WechatPay.length > 0;
}

/**
 * Starts the process's own simulator on a port of its own, with its records and keys in the data folder.
 *
 * @throws AppError FAILED_PRECONDITION with one line that says what to do: the port.
 */
export async function openOwnSimulator(
  config: AllInOneConfig,
  outside: { readonly runtime: Runtime; readonly log: Logger; readonly gateway: OwnGateway },
): Promise<OwnSimulator> {
  const configured = channelsIn(config);
  if (!hasOwnSimulator(config)) return none(configured);
  // What its certificates are made with nobody else needs.
  const { startSimulator } = await import("@mall/channel-sim");
  const { runtime, log, gateway } = outside;
  const dataDir = folderOf(config);
  const simulator = await startSimulator({
    host: config.Host,
    port: config.Simulator.Port,
    portKey: "Simulator.Port",
    dataDir,
    publicUrl: config.Simulator.PublicUrl,
    speed: config.Simulator.Speed,
    runtime,
    log: log.child({ part: "simulator" }),
    http: gateway.through(createNetworkTransport({ runtime })),
  });
  try {
    const file = await ensureMallFile(dataDir, { ...simulator, mallUrl: OWN_GATEWAY, suffix: SUFFIX });
    const { Pay } = JSON.parse(readFileSync(file, "utf8"));
    const channels = withAccounts(configured, channelsConfig.parse(Pay.Channels));
    return {
      channels,
      addresses: [{ name: "simulator", url: simulator.url }],
      pagesUrl: `${config.Simulator.PublicUrl || simulator.url}/simulator`,
      close: simulator.stop,
    };
  } catch (error) {
    await simulator.stop();
    throw error;
  }
}

/** Where the accounts at the process's own simulator are written down; undefined where it serves none. */
export function ownMallFile(config: AllInOneConfig): string | undefined {
  return hasOwnSimulator(config) ? mallFileIn(folderOf(config)) : undefined;
}

function folderOf({ DataDir }: AllInOneConfig): string {
  return join(DataDir, "own-simulator");
}

function none(channels: ChannelsConfig): OwnSimulator {
  return { channels, addresses: [], pagesUrl: undefined, close: async () => {} };
}

/** The configured accounts, and others. */
export function withAccounts(configured: ChannelsConfig, simulated: ChannelsConfig): ChannelsConfig {
  return {
    ...configured,
    Alipay: [...configured.Alipay, ...simulated.Alipay],
    Stripe: [...configured.Stripe, ...simulated.Stripe],
    WechatPay: [...configured.WechatPay, ...simulated.WechatPay],
  };
}
