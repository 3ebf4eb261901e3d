// alipay-sdk, in key mode, through a whole payment at the simulator. Prints what it saw as JSON.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";

const { url, merchant } = JSON.parse(readFileSync(0, "utf8"));
const load = createRequire(`${process.env.ORACLE_FOLDER}/`);
const { AlipaySdk } = load("alipay-sdk");

const alipay = new AlipaySdk({
  appId: merchant.appId,
  privateKey: merchant.privateKey,
  keyType: "PKCS8",
  alipayPublicKey: merchant.alipayPublicKey,
  gateway: `${url}/gateway.do`,
});

const notices = [];
const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const told = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString("utf8")));
  notices.push({ verified: alipay.checkNotifySignV2(told), told });
  response.end("success");
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const notifyUrl = `http://127.0.0.1:${server.address().port}/notify?a=1&b=2`;

const control = async (path, body) => {
  const headers = { "content-type": "application/json" };
  const sent = { method: "POST", headers, body: JSON.stringify(body) };
  return (await fetch(`${url}/simulator/api/${path}`, sent)).json();
};
const until = async (read) => {
  for (;;) {
    const value = read();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
const exec = (method, bizContent, more = {}) =>
  alipay.exec(`alipay.trade.${method}`, { bizContent, ...more }, { validateSign: true });
const bill = (bizContent) =>
  alipay.exec("alipay.data.dataservice.bill.downloadurl.query", { bizContent }, { validateSign: true });
const outcome = (promise) =>
  promise.then(
    ({ code, subCode }) => subCode ?? code,
    (error) => error.name + (error.responseHttpStatus ?? ""),
  );

const out_trade_no = "npm-qr-1";
const order = { out_trade_no, total_amount: "1.00", subject: '咖啡 +1 100% "q" / ~!*()\'' };
const seen = {};
seen.precreate = await exec("precreate", order, { notifyUrl });
seen.beforeScan = await outcome(exec("query", { out_trade_no }));
seen.closeBeforeScan = await outcome(exec("close", { out_trade_no }));
await control("scan", { channel: "alipay", outTradeNo: out_trade_no });
seen.open = await exec("query", { out_trade_no });
await control("pay", { channel: "alipay", outTradeNo: out_trade_no });
seen.paidNotice = await until(() => notices.find(({ told }) => told.refund_fee === undefined));
seen.paid = await exec("query", { trade_no: seen.open.tradeNo });
seen.closePaid = await outcome(exec("close", { out_trade_no }));
const refund = { out_trade_no, refund_amount: "0.30", out_request_no: "npm-refund-1" };
seen.refund = await exec("refund", refund);
seen.again = await exec("refund", refund);
seen.overRefund = await outcome(
  exec("refund", { ...refund, refund_amount: "0.71", out_request_no: "npm-refund-2" }),
);
const asked = { out_trade_no, out_request_no: "npm-refund-1" };
seen.refunded = await exec("fastpay.refund.query", asked);
seen.notRefunded = await exec("fastpay.refund.query", { ...asked, out_request_no: "npm-refund-9" });
seen.refundNotice = await until(() => notices.find(({ told }) => told.refund_fee !== undefined));

const browse = (address, init) => fetch(address, { ...init, redirect: "manual" });
const page = alipay.pageExecute("alipay.trade.page.pay", "GET", {
  bizContent: { ...order, out_trade_no: "npm-page-1", product_code: "FAST_INSTANT_TRADE_PAY" },
  returnUrl: "http://127.0.0.1/back?x=1",
});
seen.page = (await browse(page)).headers.get("location").replace(url, "");
seen.pageState = (await exec("query", { out_trade_no: "npm-page-1" })).tradeStatus;
const back = new URL((await control("pay", { channel: "alipay", outTradeNo: "npm-page-1" })).returnUrl);
const { x: _, ...returned } = Object.fromEntries(back.searchParams);
seen.returned = { verified: alipay.checkNotifySignV2(returned), told: returned };
const phone = alipay.sdkExecute("alipay.trade.app.pay", {
  bizContent: { ...order, out_trade_no: "npm-app-1" },
});
seen.app = (await browse(`${url}/gateway.do?${phone}`)).status;
const wap = alipay.pageExecute("alipay.trade.wap.pay", "POST", {
  bizContent: { ...order, out_trade_no: "npm-wap-1" },
});
const action = /action="([^"]*)"/.exec(wap)[1];
const inputs = Array.from(wap.matchAll(/name="(\w+)" value="([^"]*)"/g), ([, name, value]) => [
  name,
  value.replaceAll("&quot;", '"'),
]);
const body = new URLSearchParams(inputs);
seen.wap = (await browse(action, { method: "POST", body })).status;
seen.close = await exec("close", { out_trade_no: "npm-wap-1" });
seen.closed = (await exec("query", { out_trade_no: "npm-wap-1" })).tradeStatus;
const bill_date = seen.paid.sendPayDate.slice(0, 10);
const { code, billDownloadUrl } = await bill({ bill_type: "trade", bill_date });
const archive = Buffer.from(await (await fetch(billDownloadUrl)).arrayBuffer());
seen.bill = { code, begins: archive.subarray(0, 2).toString("latin1") };
seen.noBill = await outcome(bill({ bill_type: "trade", bill_date: "2016-01-01" }));
seen.flaws = {};
for (const fault of ["wrong-signature", "unsigned", "rate-limited", "error-after", "html"]) {
  await control("fault", { fault: `answer.${fault}`, channel: "alipay", outTradeNo: out_trade_no });
  seen.flaws[fault] = await outcome(exec("query", { out_trade_no }));
}
server.close();
server.closeAllConnections();
process.stdout.write(`${JSON.stringify(seen)}\n`);
