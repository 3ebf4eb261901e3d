import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { silentLogger } from "@mall/kit/log";
import { createManualRuntime } from "@mall/kit/testing";
import { chinaTime } from "../core/china-time.ts";
import type { Fault } from "../core/faults.ts";
import { MemoryStore } from "../core/memory-store.ts";
import { signRsa } from "../core/pem-keys.ts";
import { createChannelSimulator } from "../simulator.ts";
import type { AlipayAccount } from "./account.ts";
import { signedText } from "./params.ts";
import { readArchive } from "./test-archive.ts";

const keys = JSON.parse(readFileSync(join(import.meta.dirname, "../vectors/keys.json"), "utf8"));
const [seller, otherSeller] = ["2088000000000001", "2088000000000002"];
const START_AT = Date.parse("2026-11-28T12:00:00+08:00");
const DAY_MS = 86_400_000;

function accountOf(appId: string, sellerId: string): AlipayAccount {
  return {
    ...{ appId, sellerId, sellerEmail: "s@simulator.example" },
    ...{ appPublicKey: keys.merchantPublicKey, alipayPrivateKey: keys.channelPrivateKey },
  };
}

const runtime = createManualRuntime(START_AT);
const simulator = createChannelSimulator({
  accounts: {
    alipay: [accountOf("app", seller), accountOf("app-2", seller), accountOf("other", otherSeller)],
  },
  store: new MemoryStore(),
  runtime,
  http: { send: async () => ({ status: 200, headers: {}, body: Buffer.from("success") }) },
  log: silentLogger,
  publicUrl: () => "http://sim.test",
});
after(() => simulator.close());

async function ask(method: string, content: object, app_id = "app") {
  const timestamp = chinaTime(runtime.now());
  const common = { app_id, version: "1.0", sign_type: "RSA2", charset: "utf-8", timestamp };
  const params = { ...common, method: `alipay.${method}`, biz_content: JSON.stringify(content) };
  const sign = signRsa(signedText(params, []), keys.merchantPrivateKey);
  const body = Buffer.from(new URLSearchParams({ ...params, sign }).toString());
  const headers = { "content-type": "application/x-www-form-urlencoded", host: "pay.test" };
  const answer = await simulator.answer({ method: "POST", url: "/gateway.do", headers, body });
  return JSON.parse(Buffer.from(answer.body).toString("utf8"))[
    `alipay_${method.replaceAll(".", "_")}_response`
  ];
}

async function pay(out_trade_no: string, total_amount: string, app = "app", subject = "茶"): Promise<string> {
  await ask("trade.precreate", { out_trade_no, total_amount, subject }, app);
  await simulator.pay("alipay", out_trade_no);
  return (await ask("trade.query", { out_trade_no }, app)).trade_no;
}

const refund = (out_trade_no: string, refund_amount: string, out_request_no: string) =>
  ask("trade.refund", { out_trade_no, refund_amount, out_request_no });

const askBill = (bill_date: string, bill_type = "trade", app = "app") =>
  ask("data.dataservice.bill.downloadurl.query", { bill_type, bill_date }, app);

async function fetchBill(address: string) {
  const url = address.replace("http://pay.test", "");
  return simulator.answer({ method: "GET", url, headers: {}, body: new Uint8Array() });
}

async function filesOf(bill_date: string, bill_type = "trade", app = "app"): Promise<Record<string, string>> {
  const { bill_download_url } = await askBill(bill_date, bill_type, app);
  return readArchive((await fetchBill(bill_download_url)).body);
}

/** The cells of a business bill's lines, without their tabs; counted from the end, as a name may hold commas. */
async function linesOf(date: string, app = "app"): Promise<string[][]> {
  const [text = ""] = Object.values(await filesOf(date, "trade", app));
  const rows = text.split("\r\n").filter((row) => /^\d/.test(row));
  return rows.map((row) => row.split(",").map((cell) => cell.trim()));
}

const fault = (...faults: readonly Fault[]) => simulator.setFaults(faults);
const TODAY = "2026-11-28";

describe("bills of Alipay", () => {
  test("there is none of a day without business, nor of one that is no day, to come or too old", async () => {
    const refusals = [
      [TODAY, "trade", "isp.bill_not_exist"],
      ["2026-11-29", "trade", "isv.invalid_arguments"],
      ["2026-11", "trade", "isv.invalid_arguments"],
      ["20261128", "trade", "isv.invalid_arguments"],
      ["2015-12-31", "trade", "isv.invalid_arguments"],
      ["2016-01-01", "trade", "isp.bill_not_exist"],
      [TODAY, "other", "isv.invalid_arguments"],
    ] as const;
    for (const [date, type, sub_code] of refusals) {
      const said = await askBill(date, type);
      assert.deepEqual([said.code, said.sub_code], ["40004", sub_code], date);
    }
  });

  test("a bill is two files in GBK, of all apps of the seller, with what was paid and refunded", async () => {
    const [first, second] = [
      await pay("order-1", "6.00"),
      await pay("order-2", "2.50", "app-2", "茶, 二\t三\r\n四"),
    ];
    await pay("foreign", "9.00", "other");
    runtime.advance(1_000);
    await refund("order-1", "2.50", "refund-1");
    fault({ fault: "refund.abnormal" });
    await refund("order-1", "1.00", "refund-2");
    fault({ fault: "refund.slow", ms: 60_000 });
    await refund("order-1", "0.50", "refund-3");
    const head = [
      `#账号：[${seller}0156]`,
      "#起始日期：[2026年11月28日 00:00:00]   终止日期：[2026年11月29日 00:00:00]",
    ];
    const buyer = "*家(buy***@simulator.example)\t";
    const none = "0.00,0.00,0.00,0.00,0.00,,0.00\t,0.00";
    const at = (second: number) => `2026-11-28 12:00:0${second}`;
    assert.deepEqual(await filesOf(TODAY), {
      [`${seller}0156_20261128_业务明细.csv`]: [
        "#支付宝业务明细查询",
        ...head,
        "#-----------------------------------------业务明细列表----------------------------------------",
        "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注",
        `${first}\t,order-1\t,交易\t,茶,${at(0)},${at(0)},\t,\t,\t,\t,${buyer},6.00,6.00,${none},\t,-0.04,0.00,`,
        `${second}\t,order-2\t,交易\t,茶, 二 三 四,${at(0)},${at(0)},\t,\t,\t,\t,${buyer},2.50,2.50,${none},\t,-0.02,0.00,`,
        `${first}\t,order-1\t,退款\t,茶,${at(0)},${at(1)},\t,\t,\t,\t,${buyer},-2.50,-2.50,${none},refund-1\t,0.02,0.00,`,
        "#-----------------------------------------业务明细列表结束------------------------------------",
        "#交易合计：2笔，商家实收共8.50元，商家优惠共0.00元",
        "#退款合计：1笔，商家实收退款共-2.50元，商家优惠退款共0.00元",
        "#导出时间：[2026年11月28日 12:00:01]",
        "",
      ].join("\r\n"),
      [`${seller}0156_20261128_业务明细(汇总).csv`]: [
        "#支付宝业务汇总查询",
        ...head,
        "#-----------------------------------------业务汇总列表----------------------------------------",
        "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）",
        "其他\t,\t,2,1,6.00,6.00,0.00,0.00,0.00,-0.04,0.00,5.96",
        "合计\t,\t,2,1,6.00,6.00,0.00,0.00,0.00,-0.04,0.00,5.96",
        "#----------------------------------------业务汇总列表结束-------------------------------------",
        "#导出时间：[2026年11月28日 12:00:01]",
        "",
      ].join("\r\n"),
    });
  });

  test("an address lives thirty seconds, however fast the simulator is, and anybody may follow it", async () => {
    simulator.speed = 1_000;
    const { bill_download_url } = await askBill(TODAY);
    const address = new URL(bill_download_url);
    assert.deepEqual(
      [address.origin, address.pathname, address.searchParams.get("downloadFileName")],
      ["http://pay.test", "/downloadBillFile.resource", `${seller}0156_20261128.csv.zip`],
    );
    runtime.advance(29_999);
    const { body } = await fetchBill(bill_download_url);
    assert.equal(Object.keys(readArchive(body)).length, 2);
    runtime.advance(1);
    const late = await fetchBill(bill_download_url);
    assert.match(Buffer.from(late.body).toString("utf8"), /下载超时，请重新下载/);
  });

  test("a bill can be refused as too early, and have other lines", async () => {
    fault({ fault: "bill.creating" });
    assert.equal((await askBill(TODAY)).sub_code, "isp.bill_not_exist");
    const amounts = async () => (await linesOf(TODAY)).map((cells) => [cells[1], cells.at(-14)]);
    fault({ fault: "bill.line-missing", outTradeNo: "order-1", times: 2 });
    assert.deepEqual(await amounts(), [["order-2", "2.50"]]);
    fault({ fault: "bill.other-amount", outTradeNo: "order-1", times: 2 });
    assert.deepEqual((await amounts()).slice(0, 3), [
      ["order-1", "6.01"],
      ["order-2", "2.50"],
      ["order-1", "-2.49"],
    ]);
    fault({ fault: "bill.line-foreign" });
    const [foreign, ...own] = await amounts();
    assert.match(foreign?.[0] ?? "", /^foreign-\d{16}$/);
    assert.deepEqual(own, await amounts());
    fault({ fault: "answer.error-after", operation: "bill-file" });
    const { bill_download_url } = await askBill(TODAY);
    assert.equal((await fetchBill(bill_download_url)).status, 500);
  });

  test("a day's bill has what was done by its end, and the account what was there before", async () => {
    runtime.advance(60_000);
    assert.deepEqual(
      (await linesOf(TODAY)).map((cells) => cells.at(-4)),
      ["", "", "refund-1", "refund-3"],
    );
    runtime.advance(Date.parse("2026-11-28T23:59:59.999+08:00") - runtime.now());
    await pay("order-3", "100.00");
    runtime.advance(1);
    await pay("order-4", "1.00");
    assert.equal((await linesOf(TODAY)).length, 5);
    assert.deepEqual(
      (await linesOf("2026-11-29")).map((cells) => cells[1]),
      ["order-4"],
    );
    runtime.advance(DAY_MS);
    const files = await filesOf("2026-11-29", "signcustomer");
    const [detail, sums] = Object.entries(files);
    assert.deepEqual(
      [detail?.[0], sums?.[0]],
      [`${seller}0156_20261129_账务明细.csv`, `${seller}0156_20261129_账务明细(汇总).csv`],
    );
    // 6.00, 2.50 and 100.00 less two refunds and the fees, and then 1.00 and its fee.
    const rows = detail?.[1].split("\r\n").filter((row) => /^\d/.test(row)) ?? [];
    assert.deepEqual(
      rows.map((row) => row.split(",").slice(6)),
      [
        ["1.00", "0.00", "105.86", "支付宝", "在线支付", ""],
        ["0.00", "-0.01", "105.85", "支付宝", "收费", ""],
      ],
    );
    assert.match(sums?.[1] ?? "", /\r\n合计,1,1\.00,1,-0\.01,0\.99\r\n/);
    assert.match(detail?.[1] ?? "", /#导出时间：\[2026年11月30日 00:00:00\]\r\n$/);
  });
});
