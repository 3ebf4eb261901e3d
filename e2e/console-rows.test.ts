import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it, type TestContext } from "node:test";
import { systemRuntime } from "@mall/kit/runtime";
import { openDatabase } from "@mall/kit/store";
import type { Page } from "playwright-core";
import { whyNoBrowser } from "./support/browser.ts";
import { axeFindings } from "./support/cashier.ts";
import { ConsoleScene, closeWatched, DESK } from "./support/console.ts";

const PAYMENTS = 10_000;
const PAGE_ROWS = 200;
/** Far more than a screen has, far fewer than a page of the list. */
const DRAWN_MAX = 80;
const ROWS = ".ant-table-row";
/** A scroll of a hurried hand, pixels a frame. */
const STEP = 600;
/** The bar of a long list that is drawn down. */
const LONG_STEP = 10 * STEP;

/** How smoothly a list passed by. */
interface Passing {
  readonly frames: number;
  readonly slowestFrameMs: number;
  /** Those over 50 ms, in which nothing can be clicked. */
  readonly longTasks: number;
  readonly drawnMax: number;
}

describe("a list of 10,000 payments", { skip: whyNoBrowser() ?? false }, () => {
  let scene: ConsoleScene;

  before(async () => {
    scene = await ConsoleScene.start();
    await fillPayments(scene.mall.dataSource);
  });
  after(() => scene?.stop());

  const openList = () => scene.openAs(scene.admin, DESK, "/payments");

  it("draws what is in sight of 1,000 rows and of all of them, to the last", async (t) => {
    const console = await openList();
    const { page } = console;
    for (const [rows, step] of [
      [1_000, STEP],
      [PAYMENTS, LONG_STEP],
    ] as const) {
      await loadRows(page, rows);
      const passing = await passBy(page, step);
      tell(t, rows, passing);
      assert.ok(passing.drawnMax <= DRAWN_MAX, `${passing.drawnMax} rows are drawn at once`);
      await page.locator(`${ROWS}[data-row-key="${PAYMENTS - rows + 1}"]`).waitFor();
    }
    await page.getByText(`All rows are shown: ${PAYMENTS}.`).waitFor();
    await closeWatched(console);
  });

  it("is a table to a screen reader, with its head, and of each row drawn says which it is", async () => {
    const console = await openList();
    const { page } = console;
    await page.locator(ROWS).first().waitFor();
    const table = page.getByRole("table", { name: "Payments" });
    assert.equal(await table.getAttribute("aria-rowcount"), "-1", "there are more than are here");
    const heads = await table.getByRole("columnheader").allTextContents();
    assert.deepEqual(heads.slice(0, 2), ["Payment", "State"]);
    const first = table.locator('[role=rowgroup] [role=row][aria-rowindex="2"]');
    assert.equal(await first.getByRole("cell").count(), heads.length);
    assert.equal(await first.getByRole("cell").first().textContent(), String(PAYMENTS));
    assert.deepEqual(await axeFindings(page), []);
    await closeWatched(console);
  });

  it("is written into a file, each row once", async () => {
    const console = await openList();
    const { page } = console;
    await page.locator(ROWS).first().waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Export CSV" }).click(),
    ]);
    const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\r\n");
    const ids = new Set(lines.slice(1).map((line) => line.slice(0, line.indexOf(","))));
    assert.deepEqual([lines.length, ids.size], [PAYMENTS + 1, PAYMENTS]);
    await closeWatched(console);
  });
});

/** Paid payments, straight into the database, since a purchase of each would take long. */
async function fillPayments(dataSource: string): Promise<void> {
  const database = await openDatabase({ dataSource, runtime: systemRuntime });
  await database.write({
    sql:
      "INSERT INTO pay (uid, oid, amount, source, status, currency, create_time, update_time) " +
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) " +
      "SELECT i % 100 + 1, i, 500 + i, 9, 1, 'CNY', ?, ? FROM n ORDER BY i",
    parameters: [BigInt(PAYMENTS), ...Array(2).fill(database.times.toText(new Date()))],
  });
  await database.close();
}

/** Asks for page after page until so many rows are there. */
async function loadRows(page: Page, rows: number): Promise<void> {
  const end = page.locator(".list-end");
  await page.locator(ROWS).first().waitFor();
  for (;;) {
    const shown = Number(/\d+/.exec((await end.textContent()) ?? "")?.[0]);
    if (shown >= rows) return;
    await end.getByRole("button", { name: "Load more" }).click();
    await end.getByText(`: ${shown + PAGE_ROWS}.`).waitFor();
  }
}

/** Scrolls from the first row to the last, some screens in a second, and watches the page meanwhile. */
function passBy(page: Page, step: number): Promise<Passing> {
  return page.evaluate(
    async ({ rows, step }) => {
      const holder = document.querySelector(".ant-table-tbody-virtual-holder");
      if (holder === null) throw new Error("the list is not drawn");
      const tasks: PerformanceEntry[] = [];
      const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries()));
      observer.observe({ type: "longtask" });
      const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
      const took: number[] = [];
      let drawnMax = 0;
      holder.scrollTop = 0;
      let at = await frame();
      while (holder.scrollTop + holder.clientHeight < holder.scrollHeight - 1) {
        holder.scrollTop += step;
        const next = await frame();
        took.push(next - at);
        at = next;
        drawnMax = Math.max(drawnMax, document.querySelectorAll(rows).length);
      }
      await frame();
      observer.disconnect();
      return { frames: took.length, slowestFrameMs: Math.max(...took), longTasks: tasks.length, drawnMax };
    },
    { rows: ROWS, step },
  );
}

function tell(t: TestContext, rows: number, { frames, slowestFrameMs, longTasks, drawnMax }: Passing): void {
  const slowest = `the slowest ${slowestFrameMs.toFixed(0)} ms`;
  t.diagnostic(
    `${rows} rows: ${frames} frames, ${slowest}, ${longTasks} tasks over 50 ms, ${drawnMax} rows drawn at once`,
  );
}
