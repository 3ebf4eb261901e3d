import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Page } from "playwright-core";
import { whyNoBrowser } from "./support/browser.ts";
import { axeFindings } from "./support/cashier.ts";
import { ConsoleScene, closeWatched, DESK, goTo } from "./support/console.ts";

const TRACE_URL = "http://jaeger.test:16686/trace/{traceId}";
/** Has hundredths, which nobody writes: a browser tells of none. */
const CURRENCY = "HUF";
/** When there will be no mall. */
const LATE = "2099-01-01T00:00";

describe("the console's lists and lines of time", { skip: whyNoBrowser() ?? false }, () => {
  let scene: ConsoleScene;
  before(async () => {
    scene = await ConsoleScene.start({ TraceUrl: TRACE_URL }, { Currency: CURRENCY });
  });
  after(() => scene?.stop());

  const enter = async (page: Page, label: string, text: string): Promise<void> => {
    await page.getByLabel(label, { exact: true }).fill(text);
    await page.keyboard.press("Enter");
  };

  it("are narrowed to amounts and times, which stand in the address", async () => {
    const { id, oid } = await scene.newPayment();
    const console = await scene.openAs(scene.admin, DESK);
    const { page } = console;
    for (const [path, row] of [
      ["/console/payments", page.locator(`a[href="/console/payments/${id}"]`)],
      ["/console/orders", page.locator(`a[href="/console/payments?text=${oid}"]`)],
    ] as const) {
      await goTo(page, path);
      await row.waitFor();
      await enter(page, `At least (${CURRENCY})`, "5.01");
      await page.getByText("Nothing matches.").waitFor();
      assert.equal(new URL(page.url()).searchParams.get("amountMin"), "501");
      await enter(page, `At least (${CURRENCY})`, "5");
      await row.waitFor();
      await enter(page, `At most (${CURRENCY})`, "5");
      await page.getByLabel("From", { exact: true }).fill(LATE);
      await page.getByText("Nothing matches.").waitFor();
      await page.getByLabel("From", { exact: true }).fill("");
      await page.getByLabel("Until", { exact: true }).fill(LATE);
      await row.waitFor();
      assert.deepEqual(await axeFindings(page), [], path);
    }
    await closeWatched(console);
  });

  it("lead from the trace of an act to where it is looked at, and nothing of this page goes along", async () => {
    const { id } = await scene.newPaid();
    await scene.admin.pay.refund({ id, refundNo: `T-${id}`, amount: 100, reason: "" });
    const { events } = await scene.admin.pay.timeline({ id });
    const trace = events
      .filter(({ kind }) => kind === "act")
      .flatMap(({ facts }) => facts)
      .find(({ name }) => name === "traceId");
    assert.ok(trace !== undefined, "the act has a trace");
    const console = await scene.openAs(scene.admin, DESK, `/payments/${id}`);
    const link = console.page.getByRole("link", { name: trace.value, exact: true });
    const shown = await link.evaluate((a) => [a.getAttribute("href"), a.getAttribute("rel")]);
    assert.deepEqual(shown, [TRACE_URL.replace("{traceId}", trace.value), "noopener noreferrer"]);
    await closeWatched(console);
  });

  it("tell prices in the shop's currency, and take them in it", async () => {
    const { pid } = scene;
    const console = await scene.openAs(scene.admin, DESK, "/orders");
    const { page } = console;
    await page.getByText(`${CURRENCY} 5.00`).first().waitFor();
    await goTo(page, "/console/products");
    const row = page.locator(`.ant-table-row[data-row-key="${pid}"]`);
    await row.getByText(`${CURRENCY} 5.00`).waitFor();
    await row.getByRole("button", { name: "Edit" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(`Price (${CURRENCY})`).fill("12.5");
    await dialog.getByRole("row", { name: `Price ${CURRENCY} 5.00 ${CURRENCY} 12.50` }).waitFor();
    await dialog.locator("footer").getByRole("button", { name: "Edit" }).click();
    await row.getByText(`${CURRENCY} 12.50`).waitFor();
    assert.equal((await scene.admin.product.detail({ id: pid })).amount, 1250);
    await closeWatched(console);
  });
});
