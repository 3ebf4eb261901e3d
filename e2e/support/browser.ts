import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

/** Set by the test runner, which also installs the browser where it can. */
const VARIABLE = "MALL_TEST_CHROMIUM";
const USUAL_PATH = "/usr/bin/chromium";

/** Longest wait for anything on a page, milliseconds. */
const PAGE_MS_MAX = 60_000;

/** The browser works for the page only: no calls home, no sandbox (root may not have it). */
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Why no browser can be used here; undefined if one can. In CI a missing browser is a failure. */
export function whyNoBrowser(): string | undefined {
  if (process.env[VARIABLE] !== undefined || existsSync(USUAL_PATH)) return undefined;
  const reason = `${VARIABLE} is not set and there is no ${USUAL_PATH}`;
  if (process.env.CI === "true") throw new Error(reason);
  return reason;
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env[VARIABLE] ?? USUAL_PATH, args: FLAGS });
}

/** A page, and what went wrong on it: errors, breaches of its policy, requests that it must not make. */
export interface WatchedPage {
  readonly page: Page;
  readonly problems: readonly string[];
}

/** Opens a page, watched from its first request on. */
export async function openWatched(
  browser: Browser,
  options: BrowserContextOptions,
  { url, mayAsk }: { readonly url: string; readonly mayAsk: (requested: string) => boolean },
): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(PAGE_MS_MAX);
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) problems.push(message.text());
  });
  page.on("request", (request) => {
    if (!mayAsk(request.url())) problems.push(request.url());
  });
  await page.goto(url);
  return { page, problems };
}
