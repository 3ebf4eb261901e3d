import type { PayProduct, PrepayRequest } from "../channel.ts";
import { chinaTime } from "./china-time.ts";
import { yuanOf } from "./yuan.ts";

/** Longest title, characters. */
const SUBJECT_LENGTH_MAX = 256;
/** What Alipay takes in no title (known from documents only), and what reads the same. */
const LOOKALIKES: Readonly<Record<string, string>> = { "/": "／", "=": "＝", "&": "＆" };

/** How a product that needs no answer of Alipay's is asked for, and what it calls it. */
export const SIGNED_PRODUCTS: Partial<
  Record<PayProduct, { readonly method: string; readonly code: string }>
> = {
  page: { method: "alipay.trade.page.pay", code: "FAST_INSTANT_TRADE_PAY" },
  wap: { method: "alipay.trade.wap.pay", code: "QUICK_WAP_WAY" },
  app: { method: "alipay.trade.app.pay", code: "QUICK_MSECURITY_PAY" },
};

/** What every product is told of a trade. It takes no money after its `time_expire`, whenever its link is opened. */
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
