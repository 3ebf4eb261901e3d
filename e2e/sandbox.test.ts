import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { systemRuntime } from "@mall/kit/runtime";
import { type Database, openDatabase } from "@mall/kit/store";
import { until } from "@mall/kit/testing";
import { startTestMall } from "./support/mall.ts";
import { type ApiUrls, gatewayUrls, newCustomer, type Person, personOfRole } from "./support/people.ts";
import { payAtSandbox, setSandboxFaults, startTestSandbox } from "./support/sandbox.ts";
import { openPay, orderOne, PRICE, putUp } from "./support/shop.ts";
import { startSplitMall } from "./support/split.ts";
import { assertVerified } from "./support/verified.ts";

const BODY_BYTES_MAX = 1_048_576;

/** A mall with its sandbox bank. */
interface Placed {
  readonly urls: ApiUrls;
  readonly sandboxUrl: string;
  stop(): Promise<void>;
}

const PLACEMENTS: Readonly<Record<string, (dataSource: string) => Promise<Placed>>> = {
  "in one process": async (dataSource) => {
    const mall = await startTestMall({ dataSource });
    return { urls: gatewayUrls(mall.url), sandboxUrl: mall.url, stop: mall.stop };
  },
  "in nine processes": async (dataSource) => {
    const sandbox = await startTestSandbox();
    const mall = await startSplitMall({ dataSource, blocks: sandbox.blocks });
    const stop = async (): Promise<void> => {
      await mall.stop();
      await sandbox.stop();
    };
    return { urls: mall.urls, sandboxUrl: sandbox.url, stop };
  },
};

for (const [name, place] of Object.entries(PLACEMENTS)) {
  describe(`a payment at the sandbox, ${name}`, () => {
    let folder: string;
    let dataSource: string;
    let mall: Placed;
    let database: Database;
    let staff: Person;
    let customer: Person;

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), "mall-sandbox-e2e-"));
      dataSource = `sqlite:${join(folder, "mall.db")}`;
      mall = await place(dataSource);
      database = await openDatabase({ dataSource, runtime: systemRuntime });
      staff = personOfRole(mall.urls, "staff");
      customer = await newCustomer(mall.urls);
    });
    after(async () => {
      await mall.stop();
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const prepay = async () => {
      const oid = await orderOne(customer, await putUp(staff, 1));
      const id = await openPay(customer, oid);
      return { oid, id, ...(await customer.pay.prepay({ id, channel: "sandbox" })) };
    };
    const untilOrder = async (oid: number, status: number): Promise<void> => {
      await until(`order ${oid} is in state ${status}`, () => customer.order.detail({ id: oid }), {
        holds: (told) => told.status === status,
      });
    };
    const untilPaid = async ({ oid, id }: { oid: number; id: number }): Promise<void> => {
      await untilOrder(oid, 1);
      const pay = await customer.pay.detail({ id });
      assert.deepEqual([pay.status, pay.source, pay.amount], [1, 8, PRICE]);
    };
    const notify = (channel: string, body: BodyInit, headers: Record<string, string> = {}) =>
      fetch(`${mall.urls.pay}/api/pay/notify/${channel}`, { method: "POST", headers, body });
    const stored = async (): Promise<number> => {
      const [row] = await database.read({ sql: "SELECT count(*) AS n FROM pay_notify", parameters: [] });
      return Number(row?.n);
    };

    it("makes the order paid as soon as the bank has posted its notification", async () => {
      const opened = await prepay();
      const before = await stored();
      await payAtSandbox(opened.credential);
      await untilPaid(opened);
      assert.equal(await stored(), before + 1);
    });

    it("counts once where the notification comes twice", async () => {
      const opened = await prepay();
      const before = await stored();
      await setSandboxFaults(mall.sandboxUrl, [{ fault: "notify.doubled" }]);
      await payAtSandbox(opened.credential);
      await untilPaid(opened);
      assert.equal(await stored(), before + 1);
    });

    it("makes the order paid also where the notification is lost", async () => {
      const opened = await prepay();
      await setSandboxFaults(mall.sandboxUrl, [{ fault: "notify.lost" }]);
      await payAtSandbox(opened.credential);
      await untilPaid(opened);
    });

    it("goes back to the buyer in parts, until the order is refunded", async () => {
      const opened = await prepay();
      await payAtSandbox(opened.credential);
      await untilPaid(opened);
      const { id, oid } = opened;
      const faults = [{ fault: "refund.processing", ms: 300 }, { fault: "refund.error-after" }];
      await setSandboxFaults(mall.sandboxUrl, faults);
      for (const [refundNo, amount] of [
        [`R${id}a`, 200],
        [`R${id}b`, PRICE - 200],
      ] as const) {
        await staff.pay.refund({ id, refundNo, amount, reason: "returned" });
      }
      await untilOrder(oid, 2);
      const pay = await customer.pay.detail({ id });
      assert.deepEqual([pay.status, pay.refundedAmount, pay.refundingAmount], [3, PRICE, 0]);
    });

    it("is not taken from a forger: 401, and nothing is stored", async () => {
      const { outTradeNo } = await prepay();
      const before = await stored();
      const trade = {
        state: "paid",
        tradeNo: "x",
        amount: PRICE,
        currency: "CNY",
        fee: 0,
        paidAt: Date.now(),
      };
      const body = JSON.stringify({ id: "x", outTradeNo, trade });
      for (const headers of [
        {},
        { "x-sandbox-signature": `t=${Math.floor(Date.now() / 1000)},v1=${"0".repeat(64)}` },
      ]) {
        const answer = await notify("sandbox", body, headers);
        assert.deepEqual([answer.status, (await answer.json()).reason], [401, "NOTIFY_FORGED"]);
      }
      assert.equal((await notify("sandbox", "")).status, 401);
      assert.equal(await stored(), before);
    });

    it("has no notification of a channel that there is not, nor one that is too long", async () => {
      const before = await stored();
      const unknown = await notify("nobody", "x");
      assert.deepEqual([unknown.status, (await unknown.json()).reason], [404, "CHANNEL_UNKNOWN"]);
      const long = await notify("sandbox", new Uint8Array(BODY_BYTES_MAX + 1));
      assert.deepEqual([long.status, (await long.json()).reason], [413, "BODY_TOO_LARGE"]);
      assert.equal((await notify("sandbox", new Uint8Array(BODY_BYTES_MAX))).status, 401);
      assert.equal(await stored(), before);
    });

    it("leaves payments, orders and stock that say the same", () => assertVerified(dataSource));
  });
}
