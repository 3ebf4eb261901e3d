import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemRuntime } from "@mall/kit/runtime";
import { startSandbox } from "../../cli/sandbox/start-sandbox.ts";
import type { ApiUrls } from "./people.ts";

const SECRET = "a secret of mall and bank";

/** A sandbox bank in a process of its own, as the split placement has it. */
export interface TestSandbox {
  readonly url: string;
  /** The block of a process's file that leads to it. */
  blocks(name: string, urls: ApiUrls): object;
  stop(): Promise<void>;
}

/** Starts a sandbox bank on a free port. */
export async function startTestSandbox(): Promise<TestSandbox> {
  const folder = mkdtempSync(join(tmpdir(), "mall-sandbox-"));
  const file = join(folder, "sandbox.yaml");
  const config = { Port: 0, DataDir: folder, Secret: SECRET, Log: { Level: "severe" } };
  writeFileSync(file, JSON.stringify(config));
  const running = await startSandbox(file, systemRuntime);
  const url = running.addresses[0]?.url ?? "";
  return {
    url,
    blocks: (name, urls) => {
      if (name !== "pay.rpc") return {};
      const NotifyUrl = `${urls.pay}/api/pay/notify/sandbox`;
      return { Channels: { Sandbox: { Gateway: `${url}/sandbox`, Secret: SECRET, NotifyUrl } } };
    },
    stop: async () => {
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The buyer presses the button on the page that a prepay led to; pays another amount where one is given. */
export async function payAtSandbox(credential: string, amount?: number): Promise<void> {
  const outTradeNo = credential.slice(credential.lastIndexOf("/") + 1);
  await askSandbox(new URL("/sandbox/pay", credential), { outTradeNo, amount });
}

/** Makes a bank's next doings go wrong. */
export async function setSandboxFaults(url: string, faults: readonly object[]): Promise<void> {
  await askSandbox(new URL("/sandbox/faults", url), { faults });
}

async function askSandbox(url: URL, body: object): Promise<void> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url.pathname} answered ${answer.status}: ${await answer.text()}`);
}
