import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { systemRuntime } from "@mall/kit/runtime";
import { openDatabase } from "@mall/kit/store";
import { until } from "@mall/kit/testing";
import { whyNoBrowser } from "./support/browser.ts";
import { axeFindings } from "./support/cashier.ts";
import {
  ConsoleScene,
  checkWidth,
  closeWatched,
  confirm,
  DESK,
  EVIL,
  goTo,
  type Member,
  PHONE,
  rowOf,
  signIn,
} from "./support/console.ts";
import { putUp } from "./support/shop.ts";

/** Beyond those that the mall itself compares meanwhile. */
const [BILL, DIFFERENCE] = [1001, 2001];

describe("the console", { skip: whyNoBrowser() ?? false }, () => {
  let scene: ConsoleScene;
  let admin: Member;

  before(async () => {
    scene = await ConsoleScene.start();
    admin = scene.admin;
  });
  after(() => scene?.stop());

  it("lets an admin in, finds a payment by its channel's number, and shows all that happened to it", async () => {
    const { id } = await scene.newPaid();
    const { events } = await admin.pay.timeline({ id });
    const numbers = events.flatMap(({ facts }) => facts).filter(({ name }) => name === "channelTradeNo");
    const console = await scene.openAs(admin, DESK);
    const { page } = console;
    await page.getByRole("searchbox", { name: "Find a payment" }).fill(numbers[0]?.value ?? "");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: `Open payment ${id}`, exact: true }).click();
    await page.getByRole("heading", { name: `Payment ${id}` }).waitFor();
    const line = page.getByRole("listitem");
    for (const text of [
      "Payment created CN¥5.00",
      "Attempt succeeded",
      "Notification came in",
      "Books posted",
      "POST /sandbox/api/prepay of this mall itself",
    ])
      await line.filter({ hasText: text }).first().waitFor();
    await page
      .getByRole("button", { name: /^Show Body/ })
      .first()
      .click();
    await page.locator("pre").first().waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await closeWatched(console);
  });

  it("keeps its session from scripts, and ends it when somebody signs out", async () => {
    const console = await scene.openAs(admin, DESK);
    const { page } = console;
    assert.equal(await page.evaluate(() => document.cookie), "");
    const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
    assert.doesNotMatch(stored, /eyJ/);
    const [cookie] = await page.context().cookies();
    assert.deepEqual([cookie?.httpOnly, cookie?.sameSite], [true, "Strict"]);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "mall console" }).waitFor();
    assert.deepEqual(await page.context().cookies(), []);
    const headers = { cookie: `${cookie?.name}=${cookie?.value}`, "x-mall-session": "active" };
    const answer = await fetch(`${scene.mall.url}/api/pay/list`, { method: "POST", headers });
    assert.equal(answer.status, 401);
    await closeWatched(console);
  });

  it("tells a customer plainly that it is not for them, and leaves no session", async () => {
    const console = await scene.open(DESK);
    const { page } = console;
    await signIn(page, { ...scene.buyer, password: "wrong password" });
    await page.getByText("The mobile number or the password is wrong.").waitFor();
    await signIn(page, scene.buyer);
    await page.getByText("The console is for staff and admins only.").waitFor();
    assert.deepEqual(await page.context().cookies(), []);
    assert.deepEqual(await axeFindings(page), []);
    await closeWatched(console);
  });

  it("starts with what waits for a person, and has pages that everybody can use, in both languages", async () => {
    const id = await scene.newHeld();
    for (const [options, heading] of [
      [DESK, "To do"],
      [{ ...PHONE, colorScheme: "dark" }, "待办"],
    ] as const) {
      const console = await scene.openAs(admin, options);
      const { page } = console;
      await page.getByRole("heading", { name: heading, exact: true }).waitFor();
      await page.locator(`a[href="/console/payments/${id}"]`).waitFor();
      const places = await page
        .locator("nav a")
        .evaluateAll((links) => links.map((link) => link.getAttribute("href")));
      for (const place of [...new Set(places)]) {
        await goTo(page, place ?? "");
        assert.deepEqual(await axeFindings(page), [], place ?? "");
        await checkWidth(page, place ?? "");
      }
      await closeWatched(console);
    }
  });

  it("writes a list into a file that no spreadsheet takes for formulas", async () => {
    const { id } = await scene.newPaid();
    const reason = '=HYPERLINK("http://evil.example")';
    await admin.pay.refund({ id, refundNo: `csv-${id}`, amount: 1, reason });
    const console = await scene.openAs(admin, DESK, "/refunds");
    const { page } = console;
    await page.getByText(`csv-${id}`).first().waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Export CSV" }).click(),
    ]);
    const text = await readFile(await download.path(), "utf8");
    assert.ok(text.includes(`csv-${id},`), text);
    assert.ok(text.includes(`"'=HYPERLINK(""http://evil.example"")"`), text);
    await closeWatched(console);
  });

  it("settles a difference of a bill with a note, and has the bill compared again", async () => {
    const actsOn = async (subject: string): Promise<string[]> =>
      (await admin.pay.auditList({ subject })).entries.map(({ operation }) => operation);
    const { id: payId } = await scene.newPaid();
    await writeBill(scene.mall.dataSource, payId);
    const staff = await scene.newMember(1);
    const console = await scene.openAs(staff, DESK);
    const { page } = console;
    const waiting = page.getByRole("region", { name: "Bills that differ" });
    await waiting.getByText("Another amount: PAY1: paid at wechat-old with 600 CNY").waitFor();
    await waiting.getByRole("link", { name: "Show all" }).click();
    const card = page.locator(`[data-row-key="${DIFFERENCE}"]`);
    await card.getByText("Look at the trade at the channel, then correct the side that is wrong.").waitFor();
    assert.equal(await card.getByRole("link", { name: `Open payment ${payId}` }).count(), 1);
    await page.setViewportSize(PHONE.viewport);
    await checkWidth(page, "differences");
    assert.deepEqual(await axeFindings(page), []);
    await page.setViewportSize(DESK.viewport);
    await card.getByRole("button", { name: "Settle" }).click();
    const dialog = page.getByRole("dialog");
    assert.ok(await dialog.getByRole("button", { name: "Settle" }).isDisabled(), "a note is needed");
    await dialog.getByLabel("What came of it (needed)").fill(EVIL);
    await confirm(page, "Settle");
    await card.waitFor({ state: "detached" });
    await page.getByText("No such difference.").waitFor();
    const [settled] = await admin.pay.billDifferenceList({ billId: BILL });
    const { state, note, settledBy } = settled ?? {};
    assert.deepEqual([state, note, settledBy], [1, EVIL, `user:${staff.uid}`]);
    assert.deepEqual(await actsOn(`bill-difference/${DIFFERENCE}`), ["/pay.Pay/BillDifferenceSettle"]);

    await page.getByRole("link", { name: "Daily bills" }).click();
    const bill = rowOf(page, BILL);
    for (const text of ["Compared", "CN¥1,234.56 + $9.90"])
      await bill.getByText(text, { exact: true }).waitFor();
    await bill.getByRole("link", { name: "Open the bill of wechat-old, 2026-01-02" }).click();
    await page.getByRole("row", { name: "USD $9.90 $0.00 $0.17 $0.00" }).waitFor();
    await page.getByText(EVIL).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "Compare again" }).click();
    await confirm(page, "Compare again");
    // Nobody has this account any more, which the page tells by itself once the job has found it out.
    await page
      .getByRole("region", { name: /^wechat-old/ })
      .getByText("Failed")
      .waitFor();
    await page
      .getByRole("alert")
      .filter({ hasText: "no account of wechat-old is configured any more" })
      .waitFor();
    assert.deepEqual(await actsOn(`bill/${BILL}`), ["/pay.Pay/BillCompare"]);
    await closeWatched(console);
  });

  it("changes a stock by difference", async () => {
    const fresh = await putUp(admin, 10);
    const console = await scene.openAs(admin, DESK, "/products");
    const { page } = console;
    await page.getByRole("button", { name: "Change the stock" }).first().click();
    await page.getByLabel("Pieces that come, or below zero go").fill("-4");
    await page.getByRole("row", { name: "苹果 10 6" }).waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Change the stock" }).click();
    await until(
      "the stock has changed",
      async () => (await admin.product.detail({ id: fresh })).stock === 6,
      {
        withinMs: 60_000,
      },
    );
    await closeWatched(console);
  });

  it("gives a part of a payment back, after a look at what follows", async () => {
    const { id } = await scene.newPaid();
    const console = await scene.openAs(admin, DESK, `/payments/${id}`);
    const { page } = console;
    await page.getByRole("button", { name: "Refund" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Amount to give back (CNY)").fill("2");
    await dialog.getByLabel(/^Reason/).fill(EVIL);
    await dialog.getByText("CN¥2.00 goes back to the buyer").waitFor();
    await dialog.getByRole("row", { name: /CN¥5.00 CN¥3.00/ }).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await dialog.getByRole("button", { name: "Refund" }).click();
    await page.getByRole("listitem").filter({ hasText: "Refund asked for CN¥2.00" }).waitFor();
    await page.getByText(EVIL).first().waitFor();
    assert.equal(await page.evaluate(() => Reflect.get(window, "evil")), undefined);
    const { refundedAmount, refundingAmount } = await admin.pay.detail({ id });
    assert.equal(refundedAmount + refundingAmount, 200);
    await closeWatched(console);
  });

  it("has a second person approve what is above the limit, and nobody before", async () => {
    const { id } = await scene.newPaid();
    const asking = await scene.openAs(admin, DESK, `/payments/${id}`);
    await asking.page.getByRole("button", { name: "Refund" }).click();
    await asking.page.getByRole("dialog").getByRole("button", { name: "Refund" }).click();
    await asking.page.getByText("Nothing has happened yet: a second person is asked.").waitFor();
    await asking.page.getByText("You asked for it, so somebody else has to approve it.").waitFor();
    assert.equal(await asking.page.getByRole("button", { name: "Approve" }).count(), 0);
    assert.deepEqual(await axeFindings(asking.page), []);
    await closeWatched(asking);
    assert.equal((await admin.pay.detail({ id })).refundingAmount, 0);
    const second = await scene.newMember(1);
    const onPhone = { ...PHONE, locale: DESK.locale };
    const deciding = await scene.openAs(second, onPhone, "/approvals?status=0");
    const { page } = deciding;
    await page.getByRole("button", { name: "Approve" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("goes back to the buyer by the channel that brought it.").waitFor();
    await checkWidth(page, "the second person's list");
    assert.deepEqual(await axeFindings(page), []);
    await dialog.getByRole("button", { name: "Approve" }).click();
    await page.getByText("Nothing matches.").waitFor();
    await until("it goes back", async () => (await admin.pay.detail({ id })).status === 3, {
      withinMs: 60_000,
    });
    await closeWatched(deciding);
  });

  it("resolves held money, in Chinese and on a phone", async () => {
    const id = await scene.newHeld();
    const console = await scene.openAs(admin, PHONE, `/payments/${id}`);
    const { page } = console;
    assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
    assert.deepEqual(await axeFindings(page), []);
    await checkWidth(page, "the payment");
    await page.getByRole("button", { name: "退回款项" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "退回款项" }).click();
    await page.getByRole("heading", { name: `支付 ${id}` }).waitFor();
    await page.locator(".list-top").getByText("已关闭").waitFor();
    assert.equal((await admin.pay.detail({ id })).status, 2);
    await closeWatched(console);
  });
});

/** A bill that was compared, with one difference, straight into the database: a day that is over cannot be played. */
async function writeBill(dataSource: string, payId: number): Promise<void> {
  const none = { refunded: 0, feesBack: 0 };
  const sums = [
    { currency: "CNY", paid: 123_456, fees: 741, ...none },
    { currency: "USD", paid: 990, fees: 17, ...none },
  ];
  const database = await openDatabase({ dataSource, runtime: systemRuntime });
  try {
    await database.write({
      sql: `INSERT INTO pay_bill (id, merchant, channel, day, state, payments, sums, compared_at)
        VALUES (?, 'wechat-old', 'wechat-old', '2026-01-02', 1, 2, ?, ?)`,
      parameters: [BILL, JSON.stringify(sums), Date.now()],
    });
    await database.write({
      sql: `INSERT INTO pay_bill_difference (id, bill_id, channel, kind, subject, pay_id, text, found_at)
        VALUES (?, ?, 'wechat-old', 'AMOUNT', 'PAY1', ?, ?, ?)`,
      parameters: [
        DIFFERENCE,
        BILL,
        payId,
        "PAY1: paid at wechat-old with 600 CNY; attempt 1 has 500 CNY",
        Date.now(),
      ],
    });
  } finally {
    await database.close();
  }
}
