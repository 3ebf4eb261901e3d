// wechatpay-axios-plugin, in certificate mode, through a whole payment at the simulator. Prints what it saw as JSON.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";

const { url, merchant } = JSON.parse(readFileSync(0, "utf8"));
const load = createRequire(`${process.env.ORACLE_FOLDER}/`);
const { Wechatpay, Aes, Formatter, Rsa } = load("wechatpay-axios-plugin");

const certs = { [merchant.platformSerial]: Rsa.from(merchant.platformCertificate, "public") };
const pay = new Wechatpay({
  mchid: merchant.mchid,
  serial: merchant.serial,
  privateKey: merchant.privateKey,
  certs,
  baseURL: url,
});

const notices = [];
const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString("utf8");
  const { headers } = request;
  const text = Formatter.response(headers["wechatpay-timestamp"], headers["wechatpay-nonce"], body);
  const key = certs[headers["wechatpay-serial"]];
  const verified = key !== undefined && Rsa.verify(text, headers["wechatpay-signature"], key);
  const { event_type, resource } = JSON.parse(body);
  const { nonce, ciphertext, associated_data } = resource;
  const told = JSON.parse(Aes.AesGcm.decrypt(ciphertext, merchant.apiV3Key, nonce, associated_data));
  notices.push({ event_type, verified, told });
  response.writeHead(204).end();
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const notify_url = `http://127.0.0.1:${server.address().port}/notify`;

const control = async (path, body) => {
  const headers = { "content-type": "application/json" };
  const sent = { method: "POST", headers, body: JSON.stringify(body) };
  return (await fetch(`${url}/simulator/api/${path}`, sent)).json();
};
const until = async (read) => {
  for (;;) {
    const value = await read();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
const notice = (event) =>
  until(() =>
    notices.find(({ event_type, told }) => event_type === event && told.out_trade_no === "ax-native-1"),
  );
const codeOf = (promise) =>
  promise.then(
    () => "none",
    (error) => error.response?.data?.code ?? error.code ?? error.message,
  );

const { mchid, appid } = merchant;
const transactions = pay.v3.pay.transactions;
const order = (out_trade_no, more = {}) => ({
  appid,
  mchid,
  description: '咖啡 +1 100% "q"',
  out_trade_no,
  notify_url,
  amount: { total: 100, currency: "CNY" },
  ...more,
});
const query = async (out_trade_no) =>
  (await transactions.outTradeNo.$out_trade_no$.get({ params: { mchid }, out_trade_no })).data;

const seen = {};
seen.native = (await transactions.native.post(order("ax-native-1"))).data;
seen.again = (await transactions.native.post(order("ax-native-1"))).data;
seen.otherAmount = await codeOf(
  transactions.native.post(order("ax-native-1", { amount: { total: 1, currency: "CNY" } })),
);
seen.jsapi = (await transactions.jsapi.post(order("ax-jsapi-1", { payer: { openid: "o1" } }))).data;
seen.app = (await transactions.app.post(order("ax-app-1"))).data;
const bridged = { appid, timestamp: "1700000000", noncestr: "n1", prepayid: seen.app.prepay_id };
const sign = Rsa.sign(Formatter.joinedByLineFeed(...Object.values(bridged)), merchant.privateKey);
const call = { ...bridged, partnerid: mchid, package: "Sign=WXPay", sign };
seen.bridged = [
  (await control("bridge", { ...call, noncestr: "n2" })).code,
  (await control("bridge", call)).state,
];
await transactions.app.post(order("ax-app-2"));
const scene_info = { payer_client_ip: "127.0.0.1", h5_info: { type: "Wap" } };
seen.h5 = (await transactions.h5.post(order("ax-h5-1", { scene_info }))).data;
seen.open = await query("ax-native-1");
await control("pay", { channel: "wechat", outTradeNo: "ax-native-1" });
seen.paidNotice = await notice("TRANSACTION.SUCCESS");
seen.paid = await query("ax-native-1");
seen.byId = (
  await transactions.id.$transaction_id$.get({ params: { mchid }, transaction_id: seen.paid.transaction_id })
).data;
seen.closePaid = await codeOf(
  transactions.outTradeNo.$out_trade_no$.close.post({ mchid }, { out_trade_no: "ax-native-1" }),
);
const refund = {
  out_trade_no: "ax-native-1",
  out_refund_no: "ax-refund-1",
  reason: "退",
  notify_url,
  amount: { refund: 30, total: 100, currency: "CNY" },
};
seen.refund = (await pay.v3.refund.domestic.refunds.post(refund)).data;
seen.refunded = await until(async () => {
  const { data } = await pay.v3.refund.domestic.refunds.$out_refund_no$.get({ out_refund_no: "ax-refund-1" });
  return data.status === "SUCCESS" && data;
});
seen.refundNotice = await notice("REFUND.SUCCESS");
seen.overRefund = await codeOf(
  pay.v3.refund.domestic.refunds.post({
    ...refund,
    out_refund_no: "ax-refund-2",
    amount: { refund: 71, total: 100, currency: "CNY" },
  }),
);
const close = await transactions.outTradeNo.$out_trade_no$.close.post(
  { mchid },
  { out_trade_no: "ax-app-2" },
);
seen.close = { status: close.status, state: (await query("ax-app-2")).trade_state };
seen.absent = await codeOf(query("ax-nothing"));
const bill_date = seen.paid.success_time.slice(0, 10);
const bill = (await pay.v3.bill.tradebill.get({ params: { bill_date } })).data;
const token = new URL(bill.download_url).searchParams.get("token");
const { data: file } = await pay.v3.billdownload.file.get({
  params: { token },
  responseType: "arraybuffer",
});
const { rows, summary } = Formatter.castCsvBill(file);
seen.bill = {
  hashed: createHash("sha1").update(file).digest("hex") === bill.hash_value,
  rows: rows.filter((row) => row.商户订单号 === "ax-native-1"),
  counted: Number(summary.总交易单数) === rows.length,
};
seen.noBill = await codeOf(pay.v3.bill.tradebill.get({ params: { bill_date: "2000-13-01" } }));
seen.flaws = {};
const faulty = async (fault, ms) => {
  await control("fault", { fault, ms, channel: "wechat", outTradeNo: "ax-native-1" });
  seen.flaws[`${fault} ${ms}`] = await codeOf(query("ax-native-1"));
};
await faulty("answer.clock-old", 295_000);
await faulty("answer.clock-old", 303_000);
await faulty("answer.clock-ahead", 295_000);
await faulty("answer.clock-ahead", 303_000);
await faulty("answer.unknown-serial", 0);
await faulty("answer.wrong-signature", 0);
await faulty("answer.unsigned", 0);
await faulty("answer.rate-limited", 0);
await faulty("answer.error-after", 0);
server.close();
server.closeAllConnections();
process.stdout.write(`${JSON.stringify(seen)}\n`);
