import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Call } from "@mall/kit/call";
import { describeChannel, tradeRef } from "../test-channel-conformance.ts";
import { openSimulatedWorld } from "./test-simulated-world.ts";

describeChannel("alipay, by public keys", () => openSimulatedWorld("key"));
describeChannel("alipay, by certificates", () => openSimulatedWorld("certificate"));

const call = new Call();

describe("alipay, before a buyer comes", () => {
  for (const product of ["qr", "page", "wap", "app"] as const) {
    it(`knows of no trade of ${product}, and can close none`, async () => {
      const world = await openSimulatedWorld("key", { scans: false });
      const { channel } = world;
      const expireAt = world.now() + 600_000;
      const attempt = {
        outTradeNo: "PAY001",
        amount: 100,
        currency: "CNY",
        subject: "一台手机",
        expireAt,
        product,
      };
      const opened = await channel.prepay(call, attempt);
      assert.ok(opened.kind === "yes", JSON.stringify(opened));
      const absent = { kind: "yes", value: { state: "absent" } };
      assert.deepEqual(await channel.query(call, tradeRef("PAY001")), absent);
      assert.deepEqual(await channel.close(call, tradeRef("PAY001")), absent);
      await world.visit(opened.value.credential);
      await world.pay("PAY001");
      const paid = await channel.query(call, tradeRef("PAY001"));
      assert.deepEqual([paid.kind === "yes" && paid.value.state], ["paid"]);
      await world.close();
    });
  }
});
