import { verifiesRsa } from "../core/pem-keys.ts";
import { Refusal } from "../core/sim-channel.ts";
import { merchantKeysOf, type WechatAccount } from "./account.ts";
import type { WechatTrade } from "./trade.ts";

/** What a page hands to `WeixinJSBridge` (JSAPI), or an app to the wallet; the merchant has signed it. */
export type BridgeCall =
  | {
      readonly appId: string;
      readonly timeStamp: string;
      readonly nonceStr: string;
      /** `prepay_id=…` */
      readonly package: string;
      readonly signType: "RSA";
      readonly paySign: string;
    }
  | {
      readonly appid: string;
      readonly partnerid: string;
      readonly prepayid: string;
      readonly package: "Sign=WXPay";
      readonly noncestr: string;
      readonly timestamp: string;
      readonly sign: string;
    };

export function prepayIdOf(call: BridgeCall): string {
  return "prepayid" in call ? call.prepayid : call.package.replace(/^prepay_id=/, "");
}

/**
 * Does nothing where the merchant has signed the call, as the wallet checks it.
 *
 * @throws Refusal
 */
export function demandSigned(call: BridgeCall, trade: WechatTrade, account: WechatAccount): void {
  const isApp = "prepayid" in call;
  const lines = isApp
    ? [call.appid, call.timestamp, call.noncestr, call.prepayid]
    : [call.appId, call.timeStamp, call.nonceStr, call.package];
  const signature = isApp ? call.sign : call.paySign;
  const text = lines.map((line) => `${line}\n`).join("");
  const fits = trade.product === (isApp ? "app" : "jsapi") && lines[0] === trade.appid;
  if (!fits || (isApp && call.partnerid !== trade.mchid)) {
    throw new Refusal("BRIDGE_REFUSED", "the call is another product's, app's or merchant's");
  }
  if (!merchantKeysOf(account).some(({ publicKey }) => verifiesRsa(text, signature, publicKey))) {
    throw new Refusal("BRIDGE_REFUSED", "the call is not signed by the merchant");
  }
}
