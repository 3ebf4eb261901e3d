import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { signedText } from "./alipay/params.ts";
import { chinaTime } from "./core/china-time.ts";
import { signRsa } from "./core/pem-keys.ts";
import { startTestSimulator } from "./test-simulator.ts";

const keys = JSON.parse(readFileSync(join(import.meta.dirname, "vectors/keys.json"), "utf8"));
const [mchid, serial] = ["1900000001", "A1"];
const platform = { id: "PUB_KEY_ID_1", privateKey: keys.channelPrivateKey, effectiveAt: 0, expireAt: 8e12 };
const { simulator, close } = await startTestSimulator({
  alipay: [
    {
      ...{ appId: "app", sellerId: "2088", sellerEmail: "s@simulator.example" },
      ...{ appPublicKey: keys.merchantPublicKey, alipayPrivateKey: keys.channelPrivateKey },
    },
  ],
  stripe: [{ id: "acct_1", secretKey: "sk_test_1" }],
  wechat: [
    {
      ...{ mchid, appids: ["wx1"], apiV3Key: "0".repeat(32), merchantSerial: serial, mode: "public-key" },
      ...{ merchantPublicKey: keys.merchantPublicKey, platformKeys: [platform] },
    },
  ],
});
after(close);

const FORM = { "content-type": "application/x-www-form-urlencoded" };

async function ask(
  method: string,
  url: string,
  body: string,
  headers: Record<string, string>,
): Promise<void> {
  const answer = await simulator.answer({ method, url, headers, body: Buffer.from(body) });
  assert.ok(answer.status < 500, `${method} ${url} ${body}`);
}

/** Values of any kind in the places of those that are wanted, some left out. */
function fields(names: readonly string[]) {
  const value = fc.oneof(
    fc.string(),
    fc.jsonValue(),
    fc.integer(),
    fc.constantFrom("1.00", "http://127.0.0.1/", "CNY"),
  );
  return fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), value, { maxKeys: 8 });
}

const segment = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("%", "%E4", "%2F", "..", "x"));

test("whatever merchants send, signed or not, is answered, and is no error of the simulator's", async () => {
  const wechatNames = [
    "appid",
    "mchid",
    "description",
    "out_trade_no",
    "notify_url",
    "amount",
    "payer",
    "out_refund_no",
  ];
  const alipayNames = [
    "out_trade_no",
    "total_amount",
    "subject",
    "trade_no",
    "refund_amount",
    "timeout_express",
  ];
  const methods = ["precreate", "page.pay", "query", "close", "refund", "fastpay.refund.query"];
  const wechatPaths = ["pay/transactions/native", "pay/transactions/jsapi", "refund/domestic/refunds"];
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        segment,
        wechat: fields(wechatNames),
        path: fc.constantFrom(...wechatPaths),
        alipay: fields(alipayNames),
        method: fc.constantFrom(...methods),
        urls: fc.dictionary(fc.constantFrom("notify_url", "return_url"), fc.string()),
        form: fc.array(
          fc.tuple(
            fc.oneof(fc.constantFrom("amount", "currency", "metadata[a]", "a[][b]"), fc.string()),
            fc.string(),
          ),
        ),
        name: fc.constantFrom("payment_intents", "checkout/sessions", "refunds", "webhook_endpoints"),
      }),
      async (drawn) => {
        await askWechat("POST", `/v3/${drawn.path}`, JSON.stringify(drawn.wechat));
        await askWechat("GET", `/v3/pay/transactions/out-trade-no/${drawn.segment}?mchid=${mchid}`, "");
        await askWechat("GET", `/v3/bill/tradebill?bill_date=${drawn.segment}&bill_type=ALL`, "");
        await askWechat("GET", `/v3/bill/fundflowbill?bill_date=${drawn.segment}`, "");
        await askWechat("GET", `/v3/billdownload/file?token=${drawn.segment}`, "");
        const content = { method: `alipay.trade.${drawn.method}`, biz_content: JSON.stringify(drawn.alipay) };
        await askAlipay({ ...drawn.urls, ...content });
        const bill = JSON.stringify({ bill_type: "trade", bill_date: drawn.segment, ...drawn.alipay });
        await askAlipay({ method: "alipay.data.dataservice.bill.downloadurl.query", biz_content: bill });
        await ask("GET", `/downloadBillFile.resource?token=${drawn.segment}`, "", {});
        const form = new URLSearchParams(drawn.form).toString();
        const authorization = "Bearer sk_test_1";
        await ask("POST", `/v1/${drawn.name}`, form, { ...FORM, authorization });
        await ask("GET", `/v1/${drawn.name}/${drawn.segment}?${form}`, "", { authorization });
        await ask("GET", `/v1/balance_transactions?${form}`, "", { authorization });
        await ask("GET", `/simulator/pay/alipay/${drawn.segment}`, "", {});
        await ask("GET", "/simulator", "", {});
      },
    ),
    { numRuns: 60 },
  );
});

function askWechat(method: string, url: string, body: string): Promise<void> {
  const timestamp = Math.floor(Date.now() / 1000);
  const signature = signRsa(`${method}\n${url}\n${timestamp}\nn\n${body}\n`, keys.merchantPrivateKey);
  const parts = `mchid="${mchid}",nonce_str="n",timestamp="${timestamp}",serial_no="${serial}",signature="${signature}"`;
  return ask(method, url, body, { authorization: `WECHATPAY2-SHA256-RSA2048 ${parts}` });
}

function askAlipay(given: Readonly<Record<string, string>>): Promise<void> {
  const common = { app_id: "app", version: "1.0", sign_type: "RSA2", timestamp: chinaTime(Date.now()) };
  const params = { ...common, ...given };
  const sign = signRsa(signedText(params, []), keys.merchantPrivateKey);
  return ask("POST", "/gateway.do", new URLSearchParams({ ...params, sign }).toString(), FORM);
}
