import assert from "node:assert/strict";
import { it } from "node:test";
import { forEachDatabase, freePort, until } from "@mall/kit/testing";
import { startTestBank, type TestBank } from "./crashes/bank.ts";
import { gatewayUrls, newCustomer, personOfRole } from "./support/people.ts";
import { openPay, orderOne, putUp } from "./support/shop.ts";
import { type SpawnedMall, spawnMall } from "./support/spawned-mall.ts";
import { assertVerified } from "./support/verified.ts";

/** Whoever gives more than this back needs a second person, minor units. */
const ABOVE = 100;
const BACK = 400;
/** A process starts meanwhile, on a machine that may be busy; and how long a request may take there. */
const WITHIN_MS = 60_000;
const Timeout = 20_000;

/** When the process dies, seen from who approves; each waits for what it is named after. */
const MOMENTS: Readonly<Record<string, (approving: Promise<unknown>) => Promise<unknown>>> = {
  "as it is asked": async () => undefined,
  "once the approval is answered": (approving) => approving,
};

forEachDatabase("money that two people send back", (databases) => {
  for (const [name, moment] of Object.entries(MOMENTS))
    it(`goes back once where the process is killed ${name}`, async (t) => {
      const bank = await startTestBank();
      t.after(() => bank.stop());
      const mall = await startMall(await databases.createDataSource(), bank);
      t.after(() => mall.stop());
      const { id, outTradeNo, refundNo, approvalId } = await askForRefund(mall, bank);
      // The channel makes the refund, and nobody hears so: whoever takes it up again must not make another one.
      bank.bank.setFaults([{ fault: "refund.error-after", times: 1 }]);
      const approve = () =>
        personOfRole(gatewayUrls(mall.url), "staff", 8).pay.approvalApprove(
          { id: approvalId },
          { idempotencyKey: `approve ${approvalId}` },
        );
      const approving = approve().catch(() => undefined);
      await moment(approving);
      await mall.kill();
      await approving;
      await mall.start();
      const done = await approve();
      assert.deepEqual([done.status, done.decidedBy], [1, "user:8"]);
      assert.deepEqual(await approve(), done, "asked again, nothing more happens");
      const admin = personOfRole(gatewayUrls(mall.url), "admin", 7);
      const { refundedAmount, refundingAmount, status } = await until(
        "the refund is made",
        () => admin.pay.detail({ id }),
        { holds: (told) => told.refundedAmount > 0, withinMs: WITHIN_MS },
      );
      assert.deepEqual([refundedAmount, refundingAmount, status], [BACK, 0, 4]);
      const { refunds } = await admin.pay.refundSearch({ id });
      assert.deepEqual(
        refunds.map(({ refundNo: no, amount, status: state }) => [no, amount, state]),
        [[refundNo, BACK, 2]],
      );
      const trade = await bank.bank.trade(outTradeNo);
      assert.deepEqual(
        trade?.refunds.map(({ amount }) => amount),
        [BACK],
      );
      await assertVerified(mall.dataSource);
    });
});

/** A mall in a process of its own, whose bank outlives it. */
async function startMall(dataSource: string, bank: TestBank): Promise<SpawnedMall> {
  const Port = await freePort();
  const NotifyUrl = `http://127.0.0.1:${Port}/api/pay/notify/sandbox`;
  const Channels = { Sandbox: { ...bank.block, NotifyUrl } };
  const Pay = { Approval: { Above: ABOVE }, Channels };
  return spawnMall({ dataSource, blocks: { Port, Timeout, Pages: false, Sandbox: { Enabled: false }, Pay } });
}

/** A payment that its buyer paid, and a refund of it that waits for a second person. */
async function askForRefund(mall: SpawnedMall, { bank }: TestBank) {
  const urls = gatewayUrls(mall.url);
  const admin = await newCustomer(urls);
  const buyer = await newCustomer(urls);
  const id = await openPay(buyer, await orderOne(buyer, await putUp(admin, 10)));
  const { outTradeNo } = await buyer.pay.prepay({ id, channel: "sandbox", product: "page" });
  await bank.pay(outTradeNo);
  await until("it is paid", () => admin.pay.detail({ id }), {
    holds: ({ status }) => status === 1,
    withinMs: WITHIN_MS,
  });
  const refundNo = `R-${id}`;
  const { approvalId } = await admin.pay.refund({ id, refundNo, amount: BACK, reason: "broken" });
  assert.ok(approvalId !== undefined, "a second person is asked");
  return { id, outTradeNo, refundNo, approvalId };
}
