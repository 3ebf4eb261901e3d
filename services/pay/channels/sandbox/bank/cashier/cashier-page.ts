import { readFileSync } from "node:fs";
import { join } from "node:path";
import { moneyText } from "@mall/kit/currency";
import type { RawAnswer } from "@mall/kit/rest";
import { type BankTrade, refundedOf, tradeStateOf } from "../trade.ts";

/** The page may only load from, and call, its own server. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const TYPES = {
  "cashier.css": "text/css; charset=utf-8",
  "cashier.js": "text/javascript; charset=utf-8",
} as const;

/** The page's other files, by name. */
export const CASHIER_FILES: Readonly<Record<keyof typeof TYPES, RawAnswer>> = {
  "cashier.css": file("cashier.css"),
  "cashier.js": file("cashier.js"),
};

function file(name: keyof typeof TYPES): RawAnswer {
  return { status: 200, contentType: TYPES[name], body: readFileSync(join(import.meta.dirname, name)) };
}

const STATUS_TEXTS = { open: "待支付", paid: "已支付", closed: "已关闭" } as const;

/** The page where a buyer sees a trade and pays it. */
export function cashierPage(trade: BankTrade | undefined, now: number): RawAnswer {
  const found = trade !== undefined && trade.notifyUrl !== "";
  return {
    status: found ? 200 : 404,
    contentType: "text/html; charset=utf-8",
    headers: {
      "content-security-policy": CONTENT_SECURITY_POLICY,
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
    },
    body: pageOf(found ? tradeText(trade, now) : '<p class="status">没有这笔交易</p>'),
  };
}

function tradeText(trade: BankTrade, now: number): string {
  const { state } = tradeStateOf(trade, now);
  // An existing trade is open, closed or paid.
  const status = state === "absent" ? "closed" : state;
  const { amount, currency } = trade.payment ?? trade;
  const refunded = refundedOf(trade);
  return [
    `<p class="amount">${escapeHtml(moneyText(amount, currency, "zh-CN"))}</p>`,
    `<p class="status ${status}">${STATUS_TEXTS[status]}</p>`,
    "<dl>",
    line("商品", escapeHtml(trade.subject)),
    line("单号", escapeHtml(trade.outTradeNo)),
    status === "open" ? line("支付截止", timeText(trade.expireAt)) : "",
    refunded > 0 ? line("已退款", escapeHtml(moneyText(refunded, currency, "zh-CN"))) : "",
    "</dl>",
    status === "open"
      ? `<button type="button" data-trade="${escapeHtml(trade.outTradeNo)}">确认支付 <span lang="en">Confirm payment</span></button><p role="alert"></p>`
      : "",
  ].join("\n");
}

function pageOf(content: string): string {
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>沙箱收银台</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="../cashier.css">
<script src="../cashier.js" defer></script>
</head>
<body>
<main>
<h1>沙箱收银台</h1>
${content}
<footer>沙箱环境，不会发生真实扣款。Sandbox: no money moves.</footer>
</main>
</body>
</html>
`;
}

function line(name: string, value: string): string {
  return `<dt>${name}</dt><dd>${value}</dd>`;
}

/** Shown in the reader's own time zone once the script has run. */
function timeText(at: number): string {
  const iso = new Date(at).toISOString();
  return `<time datetime="${iso}">${iso}</time>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
