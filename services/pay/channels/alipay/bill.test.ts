import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Call } from "@mall/kit/call";
import { itBills, itUnpacksBills, readToday } from "../test-bill-conformance.ts";
import { attempt, paidTrade, yes } from "../test-channel-conformance.ts";
import { openSimulatedWorld } from "./test-simulated-world.ts";

const call = new Call();

describe("a bill of Alipay", () => {
  for (const mode of ["key", "certificate"] as const)
    itBills(`alipay by ${mode}`, () => openSimulatedWorld(mode));
  itUnpacksBills("alipay", () => openSimulatedWorld("key"));

  it("names a trade by its title's commas too", async () => {
    const world = await openSimulatedWorld("key");
    yes(await world.channel.prepay(call, { ...attempt(world, "PAY001"), subject: 'a,b,"c",2026' }));
    await world.pay("PAY001");
    const bill = yes(await readToday(world));
    const [line] = await Array.fromAsync(bill.lines);
    assert.ok(line?.kind === "payment");
    assert.deepEqual([line.outTradeNo, line.amount, line.fee], ["PAY001", 100, 1]);
    await world.close();
  });

  it("that is not made yet, or of a day without business, is not there", async () => {
    const world = await openSimulatedWorld("key");
    assert.equal(yes(await readToday(world)).isThere, false);
    await paidTrade(world, "PAY001");
    world.simulator.setFaults([{ fault: "bill.creating", times: 1 }]);
    assert.equal(yes(await readToday(world)).isThere, false);
    assert.equal(yes(await readToday(world)).isThere, true);
    await world.close();
  });
});
