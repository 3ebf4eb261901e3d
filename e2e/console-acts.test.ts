import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { until } from "@mall/kit/testing";
import type { AuditEntry } from "@mall/pay/api";
import type { Locator, Page } from "playwright-core";
import { whyNoBrowser } from "./support/browser.ts";
import { axeFindings } from "./support/cashier.ts";
import { ConsoleScene, closeWatched, confirm, DESK, type Member, rowOf } from "./support/console.ts";
import { setSandboxFaults } from "./support/sandbox.ts";
import { orderOne, PRICE, putUp, success } from "./support/shop.ts";

const WAIT = { withinMs: 60_000 };
const CUSTOMER = 0;
const STAFF = 1;
const ADMIN = 2;
/** The bank makes no refund and says nothing of one. */
const SILENT = ["refund.error-before", "query-refund.error-before"].map((fault) => ({ fault, times: 1000 }));
const JOB = { waiting: 0, done: 1, cancelled: 3 };

describe("acts at the console", { skip: whyNoBrowser() ?? false }, () => {
  let scene: ConsoleScene;
  let admin: Member;

  before(async () => {
    scene = await ConsoleScene.start();
    admin = scene.admin;
  });
  after(() => scene?.stop());

  /** What staff did about something, the newest first, by operation. */
  const actsOn = async (subject: string): Promise<string[]> =>
    (await admin.pay.auditList({ subject })).entries.map(({ operation }: AuditEntry) => operation);

  /** A refund that its channel does not answer for, and the job that asks again and again. */
  const newStuckRefund = async (
    refundNo: string,
  ): Promise<{ readonly payId: number; readonly job: number }> => {
    const { id } = await scene.newPaid();
    await setSandboxFaults(scene.mall.url, SILENT);
    await admin.pay.refund({ id, refundNo, amount: 100 });
    const failing = async (): Promise<number | undefined> => {
      const { jobs } = await admin.pay.jobList({ kind: "pay.refund", state: JOB.waiting });
      // After two failures, so that the next attempt is not at once.
      return jobs.find(({ failures, running }) => failures > 1 && !running)?.id;
    };
    await until("its job has failed", async () => (await failing()) !== undefined, WAIT);
    return { payId: id, job: (await failing()) ?? 0 };
  };

  it("run a job again, once, also where the answer to that is lost", async () => {
    const { payId, job } = await newStuckRefund("stuck-1");
    const staff = await scene.newMember(STAFF);
    const console = await scene.openAs(staff, DESK, `/jobs?state=${JOB.waiting}&kind=pay.refund`);
    const { page } = console;
    await rowOf(page, job).getByRole("button", { name: "Run again" }).click();
    assert.equal(await page.getByRole("button", { name: "Cancel for good" }).count(), 0, "an admin's alone");
    await loseAnswer(page, "/api/pay/job/retry");
    // No sooner, as the job may try again by itself at any time, and would be done.
    await setSandboxFaults(scene.mall.url, []);
    await confirm(page, "Run again");
    await page.getByText("No connection to the mall.").waitFor();
    await page.getByText("nobody knows whether it was done").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await confirm(page, "Run again");
    await page.getByText("Done.").waitFor();
    await until(
      "the job is done",
      async () => (await admin.pay.jobDetail({ id: job })).state === JOB.done,
      WAIT,
    );
    assert.deepEqual(await actsOn(`job/${job}`), ["/pay.Pay/JobRetry"]);
    assert.equal((await admin.pay.detail({ id: payId })).refundedAmount, 100);
    await closeWatched(console);
  });

  it("cancel a job for good, and tell whoever comes second that it is cancelled", async () => {
    const { payId, job } = await newStuckRefund("stuck-2");
    const second = await scene.newMember(ADMIN);
    const path = `/jobs?kind=pay.refund`;
    const consoles = [await scene.openAs(admin, DESK, path), await scene.openAs(second, DESK, path)] as const;
    const [first, late] = consoles.map(({ page }) => page);
    assert.ok(first && late);
    for (const page of [first, late]) {
      await rowOf(page, job).getByRole("button", { name: "Cancel for good" }).click();
      await page
        .getByRole("dialog")
        .getByRole("row", { name: /Waiting Cancelled/ })
        .waitFor();
    }
    await confirm(first, "Cancel for good");
    await becomes(rowOf(first, job), "Cancelled");
    await confirm(late, "Cancel for good");
    await late.getByText("The job is cancelled by now.").waitFor();
    await late.getByRole("dialog").getByRole("button", { name: "Do nothing" }).click();
    await becomes(rowOf(late, job), "Cancelled");
    assert.equal((await admin.pay.jobDetail({ id: job })).state, JOB.cancelled);
    assert.deepEqual(await actsOn(`job/${job}`), ["/pay.Pay/JobCancel"]);
    assert.equal((await admin.pay.detail({ id: payId })).refundedAmount, 0);
    await setSandboxFaults(scene.mall.url, []);
    for (const console of consoles) await closeWatched(console);
  });

  it("act on a notification again, which does nothing twice", async () => {
    const { id, outTradeNo } = await scene.newPaid();
    const console = await scene.openAs(admin, DESK, `/notifications?subject=${outTradeNo}`);
    const { page } = console;
    await page.getByRole("button", { name: "Act on it again" }).click();
    await page.getByText(`says of ${outTradeNo} is acted on once more.`).waitFor();
    await confirm(page, "Act on it again");
    await page.getByText("Done.").waitFor();
    const [notify] = await admin.pay.notifyList({ subject: outTradeNo });
    assert.deepEqual(await actsOn(`notify/${notify?.id}`), ["/pay.Pay/NotifyReplay"]);
    await until(
      "it is acted on",
      async () => (await admin.pay.notifyDetail({ id: notify?.id ?? 0 })).notify.state === 1,
      WAIT,
    );
    const { status, amount, refundedAmount, refundingAmount } = await admin.pay.detail({ id });
    assert.deepEqual([status, amount, refundedAmount + refundingAmount], [1, PRICE, 0]);
    await closeWatched(console);
  });

  it("close a payment, whose order is cancelled by that", async () => {
    const { id, oid } = await scene.newPayment();
    const console = await scene.openAs(admin, DESK, `/payments/${id}`);
    const { page } = console;
    await page.getByRole("button", { name: "Close", exact: true }).click();
    await page
      .getByRole("dialog")
      .getByRole("row", { name: /Open Closed/ })
      .waitFor();
    await confirm(page, "Close");
    await page.locator(".list-top").getByText("Closed").waitFor();
    await page.getByRole("listitem").filter({ hasText: "Payment closed" }).waitFor();
    assert.equal((await admin.pay.detail({ id })).status, 2);
    await until(
      "its order is cancelled",
      async () => (await admin.order.detail({ id: oid })).status === 9,
      WAIT,
    );
    await closeWatched(console);
  });

  it("stay open while what they are about changes, and are told by the server what it is by then", async () => {
    const { id, oid } = await scene.newPayment();
    const console = await scene.openAs(admin, DESK, `/payments/${id}`);
    const { page } = console;
    await page.getByRole("button", { name: "Close", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("row", { name: /Open Closed/ }).waitFor();
    const looksAgain = page.waitForResponse(
      async (answer) =>
        answer.url().endsWith("/api/pay/timeline") && (await answer.json()).payment.status === 1,
    );
    await admin.pay.callback(success({ id, uid: scene.buyer.uid, oid }));
    await looksAgain;
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
    assert.ok(await dialog.isVisible(), "the page has looked again, and the dialog is where it was");
    await confirm(page, "Close");
    await dialog.getByRole("alert").waitFor();
    await dialog.getByRole("button", { name: "Do nothing" }).click();
    await page.locator(".list-top").getByText("Paid").waitFor();
    assert.equal((await admin.pay.detail({ id })).status, 1);
    await closeWatched(console);
  });

  it("accept held money, and tell whoever decides otherwise at the same moment that it is decided", async () => {
    const id = await scene.newHeld();
    const second = await scene.newMember(STAFF);
    const consoles = [
      await scene.openAs(admin, DESK, `/payments/${id}`),
      await scene.openAs(second, DESK, `/payments/${id}`),
    ] as const;
    const [accepting, returning] = [consoles[0].page, consoles[1].page];
    const press = async (page: Page, name: string): Promise<string> => {
      await page.getByRole("dialog").getByRole("button", { name }).click();
      const done = page.getByText("Done.");
      const refused = page.getByText("The payment is not held any more: somebody has decided.");
      await done.or(refused).first().waitFor();
      return (await refused.isVisible()) ? "refused" : "done";
    };
    await accepting.getByRole("button", { name: "Accept the money" }).click();
    await returning.getByRole("button", { name: "Give the money back" }).click();
    const told = await Promise.all([
      press(accepting, "Accept the money"),
      press(returning, "Give the money back"),
    ]);
    assert.deepEqual([...told].sort(), ["done", "refused"]);
    const isAccepted = told[0] === "done";
    assert.equal((await admin.pay.detail({ id })).status, isAccepted ? 1 : 2);
    assert.deepEqual(await actsOn(`pay/${id}`), ["/pay.Pay/Resolve"]);
    const loser = isAccepted ? returning : accepting;
    await loser.getByRole("dialog").getByRole("button", { name: "Do nothing" }).click();
    for (const page of [accepting, returning])
      await page
        .locator(".list-top")
        .getByText(isAccepted ? "Paid" : "Closed")
        .waitFor();
    for (const console of consoles) await closeWatched(console);
  });

  it("say that a refund was made by hand, once, also where the answer to that is lost", async () => {
    const { id, oid } = await scene.newPayment();
    await admin.pay.callback(success({ id, uid: scene.buyer.uid, oid }));
    const refundNo = `by-hand-${id}`;
    await admin.pay.refund({ id, refundNo, amount: 200 });
    await until(
      "somebody has to make it",
      async () => (await admin.pay.refundDetail({ refundNo })).status === 4,
      WAIT,
    );
    const console = await scene.openAs(admin, DESK, "/refunds?status=4");
    const { page } = console;
    await rowOf(page, refundNo).getByRole("button", { name: "It was made" }).click();
    await page.getByText("CN¥2.00 is booked as given back.").waitFor();
    await loseAnswer(page, "/api/pay/refund/settle");
    await confirm(page, "It was made");
    await page.getByText("nobody knows whether it was done").waitFor();
    // Whoever does not ask again sees what became of it.
    await page.getByRole("dialog").getByRole("button", { name: "Do nothing" }).click();
    // There may be another, of the held money that somebody gave back.
    await rowOf(page, refundNo).waitFor({ state: "detached" });
    assert.equal((await admin.pay.refundDetail({ refundNo })).status, 2);
    assert.equal((await admin.pay.detail({ id })).refundedAmount, 200);
    await closeWatched(console);
  });

  it("give a part back once where the answer is lost and the act is asked for again", async () => {
    const { id } = await scene.newPaid();
    const console = await scene.openAs(admin, DESK, `/payments/${id}`);
    const { page } = console;
    await page.getByRole("button", { name: "Refund" }).click();
    await page.getByRole("dialog").getByLabel("Amount to give back (CNY)").fill("1.5");
    await loseAnswer(page, "/api/pay/refund");
    await confirm(page, "Refund");
    await page.getByText("nobody knows whether it was done").waitFor();
    await confirm(page, "Refund");
    await page.getByText("Done.").waitFor();
    const { refundedAmount, refundingAmount } = await admin.pay.detail({ id });
    assert.equal(refundedAmount + refundingAmount, 150);
    assert.equal((await admin.pay.refundSearch({ id })).refunds.length, 1);
    await closeWatched(console);
  });

  it("give a role, take it away, and keep the last admin", async () => {
    const member = await scene.newMember(CUSTOMER);
    const console = await scene.openAs(admin, DESK, `/users?id=${member.uid}`);
    const { page } = console;
    const give = async (role: string): Promise<void> => {
      await page.getByRole("button", { name: "Change the role" }).click();
      await page.getByRole("dialog").getByRole("radio", { name: role }).check();
      await confirm(page, "Change the role");
    };
    await give("Staff");
    await becomes(rowOf(page, member.uid), "Staff");
    const theirs = await scene.openAs(member, DESK, "/payments");
    await give("Customer");
    await becomes(rowOf(page, member.uid), "Customer");
    assert.equal((await admin.user.search({ id: member.uid })).users[0]?.role, CUSTOMER);
    // Their session ends with the right to it.
    await theirs.page.getByRole("button", { name: "Reload" }).click();
    await theirs.page.getByText("You have been signed out").waitFor();
    await closeWatched(theirs);

    const { users: admins } = await admin.user.search({ role: ADMIN });
    for (const { id } of admins.filter((other) => other.id !== admin.uid))
      await admin.user.role({ id, role: CUSTOMER });
    await page.goto(`${scene.mall.url}/console/users?id=${admin.uid}`);
    await give("Staff");
    await page.getByText("This is the last admin, and one has to stay.").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    assert.equal((await admin.user.search({ id: admin.uid })).users[0]?.role, ADMIN);
    await closeWatched(console);
  });

  it("cancel an order that nobody has paid, and give its piece back", async () => {
    const pid = await putUp(admin, 3);
    const oid = await orderOne(scene.buyer, pid);
    const console = await scene.openAs(admin, DESK, `/orders?pid=${pid}`);
    const { page } = console;
    await page.getByRole("button", { name: "Cancel the order" }).click();
    await page
      .getByRole("dialog")
      .getByRole("row", { name: /Unpaid Cancelled/ })
      .waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await confirm(page, "Cancel the order");
    await becomes(rowOf(page, oid), "Cancelled");
    assert.equal(await page.getByRole("button", { name: "Cancel the order" }).count(), 0);
    assert.equal((await admin.order.detail({ id: oid })).status, 9);
    await until("its piece is back", async () => (await admin.product.detail({ id: pid })).stock === 3, WAIT);
    await closeWatched(console);
  });

  it("change a product while another changes the rest of it, and never undo what somebody else has done", async () => {
    const id = await putUp(admin, 10);
    const second = await scene.newMember(ADMIN);
    const path = "/products?name=%E8%8B%B9%E6%9E%9C";
    const dark = { ...DESK, colorScheme: "dark" } as const;
    const consoles = [await scene.openAs(admin, DESK, path), await scene.openAs(second, dark, path)] as const;
    const [one, other] = [consoles[0].page, consoles[1].page];
    for (const page of [one, other])
      await rowOf(page, id).getByRole("button", { name: "Edit" }).press("Enter");
    await one.getByRole("dialog").getByLabel("Price (CNY)").fill("7.25");
    await one.getByRole("dialog").getByLabel("Description").fill("Sour");
    await one.getByRole("dialog").getByRole("row", { name: "Price CN¥5.00 CN¥7.25" }).waitFor();
    assert.deepEqual(await axeFindings(one), []);
    await orderOne(scene.buyer, id);
    await admin.product.stock({ id, change: 5 });
    await confirm(one, "Edit");
    await rowOf(one, id).getByText("CN¥7.25").waitFor();
    const expected = { id, name: "苹果", desc: "Sour", stock: 14, amount: 725, status: 0 };
    assert.deepEqual(await admin.product.detail({ id }), expected);

    // Of the other's dialog, which was read before: the price is refused, the state is not.
    await other.getByRole("dialog").getByLabel("Price (CNY)").fill("6");
    await confirm(other, "Edit");
    await other.getByText("Somebody has changed the same of this product meanwhile.").waitFor();
    assert.deepEqual(await axeFindings(other), []);
    assert.deepEqual(await admin.product.detail({ id }), expected);
    await other.getByRole("dialog").getByLabel("Price (CNY)").fill("5");
    await other.getByRole("dialog").getByRole("radio", { name: "On sale" }).press("ArrowDown");
    await confirm(other, "Edit");
    await becomes(rowOf(other, id), "Off the shelf");
    assert.deepEqual(await admin.product.detail({ id }), { ...expected, status: 1 });
    for (const console of consoles) await closeWatched(console);
  });
});

/** Waits until a row's state is that; the dialogs of its acts are in the row too. */
async function becomes(row: Locator, state: string): Promise<void> {
  await row.locator("> .ant-table-cell > .tag", { hasText: state }).waitFor();
}

/** The next request to this path is carried out, and its answer never comes. */
async function loseAnswer(page: Page, path: string): Promise<void> {
  await page.route(
    (url) => url.pathname === path,
    async (route) => {
      // What a browser adds after a route is asked.
      const headers = { ...(await route.request().allHeaders()), "sec-fetch-site": "same-origin" };
      const answer = await route.fetch({ headers });
      assert.equal(answer.status(), 200, await answer.text());
      await route.abort();
    },
    { times: 1 },
  );
}
