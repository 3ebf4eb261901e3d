import { languageOf } from "../shared/language.ts";

/** Everything that the page says, but for what shops and channels say. */
export interface Texts {
  readonly title: string;
  readonly order: string;
  readonly loading: string;
  readonly timeLeft: string;
  readonly choose: string;
  readonly noChannel: string;
  readonly opening: string;
  readonly scan: (channel: string) => string;
  readonly scanCode: string;
  readonly openApp: (channel: string) => string;
  readonly openPage: (channel: string) => string;
  readonly pageHint: string;
  readonly trial: string;
  readonly payAtTrial: string;
  readonly waiting: string;
  readonly begun: string;
  readonly havePaid: string;
  readonly asking: string;
  readonly otherWay: string;
  readonly back: string;
  readonly offline: string;
  readonly states: Readonly<
    Record<"paid" | "refunded" | "held" | "checking" | "changed" | "closed", StateText>
  >;
  readonly links: Readonly<Record<"expired" | "invalid", StateText>>;
  readonly troubles: Readonly<Record<"unknown" | "refused" | "tooMany" | "limited" | "offline", string>>;
  readonly channels: Readonly<Record<number, string>>;
}

/** A state that the page has nothing to add to. */
export interface StateText {
  readonly title: string;
  readonly text: string;
}

const EN: Texts = {
  title: "Cashier",
  order: "Order",
  loading: "Loading …",
  timeLeft: "Time left to pay",
  choose: "Choose how to pay",
  noChannel: "There is no way to pay here with this device. Ask the shop.",
  opening: "Opening …",
  scan: (channel) => `Scan with ${channel}`,
  scanCode: "QR code of this payment",
  openApp: (channel) => `Open ${channel}`,
  openPage: (channel) => `Go on to ${channel}`,
  pageHint: "Pay on the page that opens. This page sees by itself when the money has come.",
  trial: "This shop is being tried: no money moves, and a simulator plays the channel.",
  payAtTrial: "Pay at the simulator",
  waiting: "Waiting for your payment …",
  begun:
    "You have begun to pay. If you have paid, wait a moment: this page sees by itself when the money has come.",
  havePaid: "I have paid",
  asking: "Asking …",
  otherWay: "Pay another way",
  back: "Back to the shop",
  offline: "No connection. What you see may be out of date; this page goes on trying.",
  states: {
    paid: { title: "Paid", text: "The money has come. Thank you." },
    refunded: { title: "Refunded", text: "This payment was made, and the money has gone back." },
    held: {
      title: "The shop is looking into it",
      text: "Money has come that does not match the order. Do not pay again: the shop takes it or gives it back.",
    },
    checking: {
      title: "The time to pay is over",
      text: "If you have paid, it is still being found out. Do not pay again; this page shows what comes of it.",
    },
    changed: {
      title: "The price has changed",
      text: "The order costs something else by now. Go back to the shop for a new link; nothing was taken here.",
    },
    closed: {
      title: "This payment is closed",
      text: "It takes no money any more. If you have paid nevertheless, the order goes ahead or the money comes back.",
    },
  },
  links: {
    expired: {
      title: "This link has expired",
      text: "Open the cashier again from the shop. If you have paid, the shop knows or is finding out: look there first.",
    },
    invalid: {
      title: "This link is not valid",
      text: "It may have been cut off on its way. Open the cashier again from the shop.",
    },
  },
  troubles: {
    unknown: "There is no answer yet, and nobody knows whether it was opened. Try again, or wait a moment.",
    refused: "This way to pay is not to be had for this order. Choose another.",
    tooMany: "This payment has been tried too often. Go back to the shop.",
    limited: "That was asked a moment ago. Wait a few seconds.",
    offline: "There is no connection to the shop. Try again.",
  },
  channels: { 1: "Alipay", 2: "WeChat Pay", 3: "Card (Stripe)", 8: "Sandbox (no money moves)" },
};

const ZH: Texts = {
  title: "收银台",
  order: "订单",
  loading: "加载中…",
  timeLeft: "剩余支付时间",
  choose: "选择支付方式",
  noChannel: "当前设备没有可用的支付方式，请联系商家。",
  opening: "正在打开…",
  scan: (channel) => `请使用${channel}扫码支付`,
  scanCode: "本次支付的二维码",
  openApp: (channel) => `打开${channel}`,
  openPage: (channel) => `前往${channel}`,
  pageHint: "请在打开的页面完成支付，到账后本页会自动更新。",
  trial: "本店正在试用：由模拟器扮演支付渠道，不会真实扣款。",
  payAtTrial: "在模拟器上付款",
  waiting: "等待支付…",
  begun: "您已发起支付。如已付款请稍候，到账后本页会自动更新。",
  havePaid: "我已完成支付",
  asking: "查询中…",
  otherWay: "更换支付方式",
  back: "返回商家",
  offline: "网络已断开，当前显示可能不是最新状态，正在重试。",
  states: {
    paid: { title: "支付成功", text: "款项已到账，谢谢。" },
    refunded: { title: "已退款", text: "该笔支付已完成，款项已退回。" },
    held: { title: "商家正在核实", text: "收到的款项与订单不一致。请勿重复支付，商家会确认收款或退款。" },
    checking: {
      title: "支付时间已结束",
      text: "如您已付款，结果仍在确认中。请勿重复支付，结果会显示在本页。",
    },
    changed: { title: "订单金额已变更", text: "请返回商家获取新的支付链接，此处未扣款。" },
    closed: { title: "支付已关闭", text: "该笔支付不再收款。如您仍已付款，订单会继续处理，或款项会退回。" },
  },
  links: {
    expired: { title: "链接已过期", text: "请从商家重新打开收银台。如您已付款，请先在商家处查看结果。" },
    invalid: { title: "链接无效", text: "链接可能不完整，请从商家重新打开收银台。" },
  },
  troubles: {
    unknown: "暂无应答，尚不确定是否已发起。请稍候或重试。",
    refused: "该订单不能使用此支付方式，请选择其他方式。",
    tooMany: "支付尝试次数过多，请返回商家。",
    limited: "刚刚查询过，请稍等几秒。",
    offline: "无法连接商家，请重试。",
  },
  channels: { 1: "支付宝", 2: "微信支付", 3: "银行卡（Stripe）", 8: "沙箱（不会真实扣款）" },
};

/** The language of these that somebody reads, BCP 47, and what the page says in it. */
export function textsFor(languages: readonly string[]): {
  readonly language: "en" | "zh-CN";
  readonly texts: Texts;
} {
  const language = languageOf(languages);
  return { language, texts: language === "en" ? EN : ZH };
}
