import type { DisputeDemand } from "../stripe/buyers-side.ts";
import type { MerchantKey, PlatformKey } from "../wechat/account.ts";
import type { BridgeCall } from "../wechat/bridge.ts";
import type { Fault } from "./faults.ts";
import type { Payment, TradeView } from "./sim-channel.ts";
import type { SimAnswer, SimRequest } from "./sim-http.ts";
import type { SimLetter } from "./sim-store.ts";

/** The other side of Alipay, WeChat Pay and Stripe. No money moves. */
export interface ChannelSimulator {
  /** Takes over what an earlier process left undelivered. */
  start(): Promise<void>;
  /** Answers merchants, buyers and whoever switches faults. */
  answer(request: SimRequest): Promise<SimAnswer>;
  /**
   * The buyer pays.
   *
   * @throws Refusal
   */
  pay(channel: string, outTradeNo: string, payment?: Payment): Promise<TradeView>;
  /** The buyer opens a trade: by its QR, or by a link. */
  scan(channel: string, outTradeNo: string): Promise<void>;
  trade(channel: string, outTradeNo: string): Promise<TradeView | undefined>;
  trades(): Promise<readonly TradeView[]>;
  /** Makes things go wrong from now on, instead of what was to go wrong so far. */
  setFaults(faults: readonly Fault[]): void;
  readonly faults: readonly Fault[];
  /** Waits that the simulator makes up are divided by this. */
  speed: number;
  /** Notifications that the merchant has not taken yet. */
  readonly letters: readonly SimLetter[];
  /** Delivers now what waits for its next time. */
  hurry(): void;
  /** WeChat Pay: gives a merchant's platform a new certificate. */
  rotate(mchid: string): Promise<PlatformKey>;
  /** WeChat Pay: the merchant may sign with this key beside those that it has. */
  addMerchantKey(mchid: string, key: MerchantKey): void;
  /** WeChat Pay: of the merchant's keys only the one that was added last is left. */
  endMerchantKeys(mchid: string): void;
  /**
   * WeChat Pay: the buyer pays what a page (JSAPI) or an app has handed to the wallet, signed by the merchant.
   *
   * @throws Refusal
   */
  bridge(call: BridgeCall): Promise<TradeView>;
  /** Stripe: gives a webhook endpoint another secret, which signs beside the earlier ones. */
  roll(endpoint: string): Promise<string>;
  /** Stripe: the earlier secrets of a webhook endpoint sign no more. */
  endRolled(endpoint: string): Promise<void>;
  /** Stripe: the buyer of a trade asks the bank for the money back; resolves with the dispute's id. */
  dispute(outTradeNo: string, demand?: DisputeDemand): Promise<string>;
  /** Stripe: the buyer's bank decides a dispute. */
  endDispute(dispute: string, outcome: "won" | "lost"): Promise<void>;
  close(): Promise<void>;
}
