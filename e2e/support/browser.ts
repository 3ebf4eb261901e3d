import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Set by the test runner, which also installs the browser where it can. */
const VARIABLE = "MALL_TEST_CHROMIUM";
const USUAL_PATH = "/usr/bin/chromium";

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
