import type { HttpTransport } from "@mall/kit/http";
import type { Logger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import type { AlipayAccount } from "./alipay/account.ts";
import { createAlipayChannel } from "./alipay/alipay-channel.ts";
import { createControl } from "./control/control.ts";
import type { ChannelSimulator } from "./core/channel-simulator.ts";
import { Refusal, type SimChannel } from "./core/sim-channel.ts";
import { SimCore } from "./core/sim-core.ts";
import { jsonAnswer } from "./core/sim-http.ts";
import { createSimPostman, type Delivery } from "./core/sim-postman.ts";
import type { SimStore } from "./core/sim-store.ts";
import { createPages } from "./pages/pages.ts";
import type { StripeAccount } from "./stripe/account.ts";
import { createStripeChannel } from "./stripe/stripe-channel.ts";
import type { PlatformKey, WechatAccount } from "./wechat/account.ts";
import { createWechatChannel } from "./wechat/wechat-channel.ts";

/** Who is known at the channels; nobody by default. */
export interface SimAccounts {
  readonly alipay?: readonly AlipayAccount[];
  readonly stripe?: readonly StripeAccount[];
  readonly wechat?: readonly WechatAccount[];
}

/** What a simulator stands on; nothing else decides what it does, so that it also runs in a simulated world. */
export interface ChannelSimulatorOptions {
  readonly accounts: SimAccounts;
  readonly store: SimStore;
  readonly runtime: Runtime;
  /** Carries notifications to the merchant. */
  readonly http: HttpTransport;
  readonly log: Logger;
  /** Address that buyers reach the simulator at, without a trailing slash. */
  readonly publicUrl: () => string;
  /** Makes the next platform certificate of a WeChat Pay merchant; without it, none can be asked for. */
  readonly nextPlatformKey?: ((mchid: string) => Promise<PlatformKey>) | undefined;
  /** Told of each notification that the merchant has answered. */
  readonly onDelivery?: ((delivery: Delivery) => void) | undefined;
}

export function createChannelSimulator(options: ChannelSimulatorOptions): ChannelSimulator {
  const { accounts, http, log, nextPlatformKey, onDelivery } = options;
  const core = new SimCore(options);
  const wechat = createWechatChannel(core, accounts.wechat ?? []);
  const stripe = createStripeChannel(core, accounts.stripe ?? []);
  const channels: readonly SimChannel[] = [wechat, createAlipayChannel(core, accounts.alipay ?? []), stripe];
  const postman = createSimPostman({ core, channels, http, log, onDelivery });
  core.postWith((letters) => postman.add(letters));
  const channelOf = (name: string) => channels.find((channel) => channel.name === name);
  const simulator: ChannelSimulator = {
    start: () => postman.start(),
    answer: async (request) => {
      for (const channel of channels) {
        const answer = channel.answer(request);
        if (answer !== undefined) return answer;
      }
      return (
        (await control(request)) ??
        (await pages(request)) ??
        jsonAnswer(404, { message: "nothing is here; see /simulator" })
      );
    },
    pay: async (name, outTradeNo, payment = {}) => {
      const channel = channelOf(name);
      if (channel === undefined) throw new Refusal("CHANNEL_UNKNOWN", `${name} is no channel`);
      return channel.pay(outTradeNo, payment);
    },
    scan: async (name, outTradeNo) => channelOf(name)?.scan?.(outTradeNo),
    trade: async (name, outTradeNo) => channelOf(name)?.trade(outTradeNo),
    trades: async () => (await Promise.all(channels.map((channel) => channel.trades()))).flat(),
    setFaults: (faults) => core.faults.set(faults),
    get faults() {
      return core.faults.waiting;
    },
    get speed() {
      return core.speed;
    },
    set speed(speed) {
      core.speed = speed;
    },
    get letters() {
      return postman.waiting;
    },
    hurry: () => postman.hurry(),
    rotate: async (mchid) => {
      if (nextPlatformKey === undefined) throw new Refusal("NOT_POSSIBLE", "no certificates are made here");
      const key = await nextPlatformKey(mchid);
      wechat.rotate(mchid, key);
      return key;
    },
    addMerchantKey: (mchid, key) => wechat.addMerchantKey(mchid, key),
    endMerchantKeys: (mchid) => wechat.endMerchantKeys(mchid),
    bridge: (call) => wechat.bridge(call),
    roll: (endpoint) => stripe.roll(endpoint),
    endRolled: (endpoint) => stripe.endRolled(endpoint),
    dispute: (outTradeNo, demand = {}) => stripe.dispute(outTradeNo, demand),
    endDispute: (dispute, outcome) => stripe.endDispute(dispute, outcome),
    close: async () => {
      core.close();
      await postman.close();
    },
  };
  const control = createControl(simulator);
  const pages = createPages(simulator);
  return simulator;
}
