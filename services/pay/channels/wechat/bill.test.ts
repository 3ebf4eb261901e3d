import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { itBills, itUnpacksBills, readToday } from "../test-bill-conformance.ts";
import { paidTrade } from "../test-channel-conformance.ts";
import { openWechatWorld } from "./test-wechat-world.ts";

describe("a bill of WeChat Pay", () => {
  itBills("wechat", () => openWechatWorld("public-key"));
  itUnpacksBills("wechat", () => openWechatWorld("public-key"));

  it("is fetched with a signature, and known by its hash", async () => {
    const world = await openWechatWorld("public-key");
    await paidTrade(world, "PAY001");
    const bill = await readToday(world);
    assert.ok(bill.kind === "yes");
    assert.equal((await Array.fromAsync(bill.value.lines)).length, 1);
    const download = world.requests.at(-1);
    assert.match(download?.headers.authorization ?? "", /^WECHATPAY2-SHA256-RSA2048 mchid=/);
    world.simulator.setFaults([{ fault: "bill.altered", times: 1 }]);
    const altered = await readToday(world);
    assert.ok(altered.kind === "yes");
    await assert.rejects(Array.fromAsync(altered.value.lines), { reason: "BAD_ANSWER" });
    await world.close();
  });

  it("that is not made yet is refused, and of a day without business there is none", async () => {
    const world = await openWechatWorld("public-key");
    const none = await readToday(world);
    assert.ok(none.kind === "yes" && !none.value.isThere);
    world.simulator.setFaults([{ fault: "bill.creating", times: 1 }]);
    const refused = await readToday(world);
    assert.deepEqual(refused.kind === "no" && refused.reason, "STATEMENT_CREATING");
    await world.close();
  });
});
