import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { ROLE } from "@mall/kit/auth";
import { backgroundCall } from "@mall/kit/call";
import { connectRpcClient } from "@mall/kit/rpc";
import { systemRuntime } from "@mall/kit/runtime";
import { GoStatus, startGoStandIn } from "@mall/kit/testing";
import { type PayClient, PayService } from "@mall/pay/rpc";
import { create } from "./create.ts";

const CALL = backgroundCall({ uid: 7, role: ROLE.customer });
const ASKED = { uid: 7, oid: 1, amount: 500 };

async function beforeGo(t: TestContext, refusal: GoStatus): Promise<{ payRpc: PayClient }> {
  const refuse = () => Promise.reject(refusal);
  const { address, stop } = await startGoStandIn(PayService, { create: refuse });
  const definition = PayService;
  const connection = connectRpcClient({
    definition,
    endpoints: [address],
    timeoutMs: 2000,
    runtime: systemRuntime,
  });
  t.after(async () => {
    connection.close();
    await stop();
  });
  return { payRpc: connection.client };
}

test("a second payment that a Go process refuses is told in the mall's words, in whatever words that refuses it", async (t) => {
  for (const [code, text] of [
    [100, "订单已创建支付"],
    [500, "Error 1062: Duplicate entry '1' for key 'idx_oid_unique'"],
    [500, "Error 1062 (23000): Duplicate entry '1' for key 'idx_oid_unique'"],
  ] as const) {
    const context = await beforeGo(t, new GoStatus(code, text));
    await assert.rejects(create(context, CALL, ASKED), {
      code: "ALREADY_EXISTS",
      reason: "PAY_EXISTS",
      message: "订单已创建支付",
    });
  }
});

test("what else a Go process refuses keeps its words", async (t) => {
  const context = await beforeGo(t, new GoStatus(100, "订单不存在"));
  await assert.rejects(create(context, CALL, ASKED), { code: "NOT_FOUND", message: "订单不存在" });
});
