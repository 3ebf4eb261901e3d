import type { HttpTransport } from "@mall/kit/http";
import type { Logger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import { liveKeys } from "../accounts/live-keys.ts";
import { CHINA_AHEAD_MS } from "../bills/bill-day.ts";
import type { Channel } from "../channel.ts";
import { PAY_SOURCE } from "../pay-source.ts";
import { AccountKeys } from "./account-keys.ts";
import { makeRefund, queryRefund } from "./ask-refund.ts";
import { closeTrade, openTrade, queryTrade } from "./ask-trade.ts";
import { BILL_READY_MS, readBill } from "./bill.ts";
import { type WechatAccount, wechatKeys } from "./config.ts";
import { readNotify } from "./notify.ts";
import { PlatformKeys } from "./platform-keys.ts";
import { WECHAT_CREDENTIAL_MS, WECHAT_PRODUCTS } from "./prepay.ts";
import { WechatClient } from "./wechat-client.ts";

/**
 * An account at WeChat Pay (API v3) as a channel. Whatever its own SDKs do is done the same way; what only documents
 * tell, above all the codes of refusals, decides nothing that a query can decide.
 *
 * @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE if it has no usable keys.
 */
export function createWechatChannel(
  account: WechatAccount,
  outside: { readonly runtime: Runtime; readonly http: HttpTransport; readonly log: Logger },
): Channel {
  const { runtime, http, log } = outside;
  const keys = new AccountKeys(liveKeys(account.Name, account, { schema: wechatKeys, outside }));
  const merchant = { account, keys, runtime, http };
  const platform = new PlatformKeys(merchant, log);
  const desk = { merchant, client: new WechatClient(merchant, platform) };
  return {
    name: account.Name,
    source: PAY_SOURCE.wechatPay,
    notifyUrl: account.NotifyUrl,
    keysEndAt: () => keys.endAt(),
    currency: "CNY",
    products: WECHAT_PRODUCTS,
    credentialMs: WECHAT_CREDENTIAL_MS,
    prepay: (call, request) => openTrade(desk, call, request),
    query: (call, trade) => queryTrade(desk, call, trade),
    close: (call, trade) => closeTrade(desk, call, trade),
    refund: (call, request) => makeRefund(desk, call, request),
    queryRefund: (call, ref) => queryRefund(desk, call, { ref, log }),
    bills: {
      merchant: `wechat ${account.MchId}`,
      aheadMs: CHINA_AHEAD_MS,
      readyMs: BILL_READY_MS,
      read: (call, asked) => readBill(desk, call, asked),
    },
    parseNotify: (_call, notify, now) => readNotify(merchant, platform, { notify, now }),
    notifyReply: () => ({ status: 204, contentType: "application/json", body: "" }),
  };
}
