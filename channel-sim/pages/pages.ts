import { renderSVG } from "uqr";
import type { ChannelSimulator } from "../core/channel-simulator.ts";
import { FAULTS } from "../core/faults.ts";
import type { TradeView } from "../core/sim-channel.ts";
import { pathOf, type SimAnswer, type SimRequest } from "../core/sim-http.ts";
import { both, escapeHtml, pageFile, pageOf } from "./html.ts";
import { moneyText } from "./money-text.ts";

const CHANNEL_NAMES: Readonly<Record<string, string>> = {
  wechat: "微信支付",
  alipay: "支付宝",
  stripe: "Stripe",
};

const HEADS = [
  ["渠道", "Channel"],
  ["单号", "Trade number"],
  ["金额", "Amount"],
  ["状态", "State"],
]
  .map(([chinese = "", english = ""]) => `<th>${both(chinese, english)}</th>`)
  .join("");

/** What people see of a simulator: all trades and the faults, and the page on which a buyer pays one. */
export function createPages(
  simulator: ChannelSimulator,
): (request: SimRequest) => Promise<SimAnswer | undefined> {
  return async (request) => {
    if (request.method !== "GET") return undefined;
    const [root, first = "", second = "", third = ""] = pathOf(request).split("/").slice(1);
    if (root !== "simulator") return undefined;
    if (first === "") return overview(simulator);
    if (first !== "pay") return pageFile(first);
    await simulator.scan(second, decoded(third));
    return buyerPage(await simulator.trade(second, decoded(third)));
  };
}

/** Undefined bytes of a path lead to no trade. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

function buyerPage(trade: TradeView | undefined): SimAnswer {
  if (trade === undefined)
    return pageOf(404, "收银台", `<p>${both("没有这笔交易", "There is no such trade")}</p>`);
  const card = `<label>${both("卡号", "Card number")} <input name="card" inputmode="numeric" value="4242424242424242"></label>`;
  const content = [
    `<p class="amount">${escapeHtml(moneyText(trade.amount, trade.currency))}</p>`,
    `<p>${escapeHtml(trade.subject)} · ${escapeHtml(trade.outTradeNo)} · ${escapeHtml(trade.state)}</p>`,
    trade.code === undefined ? "" : qrOf(trade),
    trade.payable
      ? `<form ${dataOf(trade)}>${trade.channel === "stripe" ? card : ""}<button>${both("确认支付", "Confirm payment")}</button></form>`
      : "",
    trade.returnUrl === undefined
      ? ""
      : `<p><a href="${escapeHtml(trade.returnUrl)}">${both("返回商家", "Back to the shop")}</a></p>`,
    '<p role="alert"></p>',
  ];
  return pageOf(200, `${CHANNEL_NAMES[trade.channel] ?? trade.channel}收银台`, content.join("\n"));
}

/** A phone opens the page itself, as no wallet knows the code of a simulator. */
function qrOf({ page, code = "" }: TradeView): string {
  return `<figure>${renderSVG(page)}<figcaption><code>${escapeHtml(code)}</code></figcaption></figure>`;
}

function dataOf({ channel, outTradeNo }: TradeView): string {
  return `data-channel="${escapeHtml(channel)}" data-trade="${escapeHtml(outTradeNo)}"`;
}

async function overview(simulator: ChannelSimulator): Promise<SimAnswer> {
  const trades = await simulator.trades();
  const rows = trades.map(
    (trade) =>
      `<tr><td>${escapeHtml(trade.channel)}</td><td><a href="${escapeHtml(trade.page)}">${escapeHtml(trade.outTradeNo)}</a></td><td>${escapeHtml(moneyText(trade.amount, trade.currency))}</td><td>${escapeHtml(trade.state)}</td><td>${
        trade.payable ? `<form ${dataOf(trade)}><button>${both("支付", "Pay")}</button></form>` : ""
      }</td></tr>`,
  );
  const options = FAULTS.map((fault) => `<option>${fault}</option>`);
  const waiting = simulator.faults.map(
    (fault) => `<li><code>${escapeHtml(JSON.stringify(fault))}</code></li>`,
  );
  const letters = simulator.letters.map(
    ({ channel, outTradeNo, attempts, dueAt }) =>
      `<li>${escapeHtml(`${channel} ${outTradeNo}`)}: ${attempts} × , ${new Date(dueAt).toISOString()}</li>`,
  );
  const content = [
    `<table><tr>${HEADS}<td></td></tr>${rows.join("\n")}</table>`,
    `<h2>${both("故障", "Faults")}</h2>`,
    `<form id="fault"><select name="fault" aria-label="故障 Fault">${options.join("")}</select><input name="outTradeNo" placeholder="单号 trade number" aria-label="单号（可空） Trade number, or none for any"><input name="ms" inputmode="numeric" placeholder="ms" aria-label="毫秒 Milliseconds"><button>${both("添加", "Add")}</button></form>`,
    `<ul>${waiting.join("\n")}</ul><button id="calm">${both("全部取消", "Take all away")}</button>`,
    `<h2>${both("未确认的通知", "Notifications without acknowledgement")}</h2>`,
    `<ul>${letters.join("\n")}</ul><button id="hurry">${both("立即投递", "Deliver now")}</button>`,
    '<p role="alert"></p>',
  ];
  return pageOf(200, "渠道模拟器 · Channel simulator", content.join("\n"));
}
