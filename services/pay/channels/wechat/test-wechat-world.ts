import { makePlatformKey, makeWechat } from "@mall/channel-sim/testing";
import { checkConfig } from "@mall/kit/config";
import { createManualRuntime } from "@mall/kit/testing";
import { GATEWAY, NOTIFY_URL, openSimulatorWorld, type SimulatorWorld } from "../test-simulator-world.ts";
import { wechatAccount } from "./config.ts";
import { createWechatChannel } from "./wechat-channel.ts";

export const MCH_ID = "1900000001";
/** What makes a message of WeChat Pay's genuine. */
const SIGNED_HEADERS = [
  "wechatpay-timestamp",
  "wechatpay-nonce",
  "wechatpay-serial",
  "wechatpay-signature",
] as const;

type Mode = Parameters<typeof makeWechat>[1]["mode"];

/** Keys take long to make: one set serves all worlds of a process. */
const made = new Map<Mode, ReturnType<typeof makeWechat>>();

function sidesOf(mode: Mode): ReturnType<typeof makeWechat> {
  const known = made.get(mode) ?? makeWechat(createManualRuntime(), { mchid: MCH_ID, mode });
  made.set(mode, known);
  return known;
}

/** The configuration of the simulator's merchant, with some of it changed. */
async function wechatConfig(mode: Mode, changes: object = {}) {
  const { merchant } = await sidesOf(mode);
  const Keys = {
    MerchantKeys: [{ Serial: merchant.serial, PrivateKey: merchant.privateKey }],
    ApiV3Keys: [{ Key: merchant.apiV3Key }],
    PublicKeys: mode === "public-key" ? [{ Id: merchant.publicKeyId, Key: merchant.publicKey }] : [],
  };
  const account = { Gateway: GATEWAY, MchId: MCH_ID, AppId: merchant.appid, NotifyUrl: NOTIFY_URL, Keys };
  return checkConfig("test", { ...account, ...changes }, wechatAccount);
}

/** WeChat Pay, as the simulator is it, and the channel to an account there. */
export async function openWechatWorld(mode: Mode, changes: object = {}): Promise<SimulatorWorld> {
  const config = await wechatConfig(mode, changes);
  const { account } = await sidesOf(mode);
  return openSimulatorWorld({
    accounts: { wechat: [account] },
    name: "wechat",
    signedHeaders: SIGNED_HEADERS,
    createChannel: (outside) => createWechatChannel(config, outside),
    nextPlatformKey: async (runtime) => (await makePlatformKey(runtime)).key,
  });
}
