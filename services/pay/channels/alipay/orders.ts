import type { PayProduct, PrepayRequest } from "../channel.ts";
import { chinaTime } from "./china-time.ts";
import { yuanOf } from "./yuan.ts";

/** Longest title, characters. */
const SUBJECT_LENGTH_MAX = 256;
/** Characters that Alipay refuses in a title (according to its documents), and lookalikes to replace them with. */
const LOOKALIKES: Readonly<Record<string, string>> = { "/": "／", "=": "＝", "&": "＆" };

/** Products that are opened without asking Alipay first, and Alipay's names for them. */
export const SIGNED_PRODUCTS: Partial<
  Record<PayProduct, { readonly method: string; readonly code: string }>
> = {
  page: { method: "alipay.trade.page.pay", code: "FAST_INSTANT_TRADE_PAY" },
  wap: { method: "alipay.trade.wap.pay", code: "QUICK_WAP_WAY" },
  app: { method: "alipay.trade.app.pay", code: "QUICK_MSECURITY_PAY" },
};

/**
 * The parameters that all products share. The trade takes no money after `time_expire`, whenever its link is opened.
 */
export function orderOf({ outTradeNo, amount, subject, expireAt }: PrepayRequest) {
  return {
    out_trade_no: outTradeNo,
    total_amount: yuanOf(amount),
    subject: titleOf(subject),
    time_expire: chinaTime(expireAt),
  };
}

function titleOf(subject: string): string {
  const characters = [...subject].slice(0, SUBJECT_LENGTH_MAX);
  return characters.map((character) => LOOKALIKES[character] ?? character).join("");
}
