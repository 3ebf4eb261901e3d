import assert from "node:assert/strict";
import { test } from "node:test";
import { chromium } from "playwright-core";
import { joinOpenApi } from "./openapi.ts";
import { serve } from "./test-server.ts";

const executablePath = process.env.MALL_TEST_CHROMIUM;
const skip = executablePath === undefined ? "MALL_TEST_CHROMIUM names no browser" : false;

test("a browser shows every operation of the docs page and its policy blocks nothing", {
  skip,
}, async (t) => {
  const paths = { "/api/pay/create": { post: { summary: "Opens a pay", responses: {} } } };
  const openApi = joinOpenApi({ title: "mall", version: "1" }, [{ tag: "pay", paths, schemas: {} }]);
  const { url } = await serve(t, { docs: { openApi } });
  // Chromium refuses its own sandbox to root; the page comes from this test.
  const browser = await chromium.launch({ executablePath: executablePath ?? "", args: ["--no-sandbox"] });
  t.after(() => browser.close());
  const page = await browser.newPage();
  const problems: string[] = [];
  const origins = new Set<string>();
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("request", (request) => origins.add(new URL(request.url()).protocol + new URL(request.url()).host));
  await page.goto(`${url}/docs`);
  await page.getByText("/api/pay/create").waitFor();
  await page.getByText("Opens a pay").click();
  await page.getByText("Try it out").waitFor();
  assert.deepEqual(problems, []);
  assert.deepEqual(
    [...origins].filter((origin) => origin !== "data:"),
    [`http:${new URL(url).host}`],
  );
});
