import { setImmediate } from "node:timers/promises";
import { AppError } from "@mall/kit/errors";
import type { HttpAnswer, HttpRequest, HttpTransport } from "@mall/kit/http";
import { silentLogger } from "@mall/kit/log";
import { createManualRuntime, type ManualRuntime } from "@mall/kit/testing";
import type { RawNotify } from "../channel.ts";
import type { ChannelWorld } from "../test-channel-conformance.ts";
import { type BankStore, createSandboxBank, type SandboxBank } from "./bank/index.ts";
import { createMemoryBankStore } from "./bank/test-memory-store.ts";
import { createSandboxChannel } from "./sandbox-channel.ts";
import { SIGNATURE_HEADER } from "./signature.ts";

const NOTIFY_URL = "http://mall.test/api/pay/notify/sandbox";
const config = {
  Gateway: "http://bank.test/sandbox",
  AppId: "mall",
  Secret: "a secret of the two sides",
  NotifyUrl: NOTIFY_URL,
};

/** More turns of the event loop than anything between two timers takes. */
const TURNS = 30;

/** A sandbox bank, the channel to it and the wire between them, in a time that a test moves. */
export interface SandboxWorld extends ChannelWorld {
  readonly runtime: ManualRuntime;
  readonly bank: SandboxBank;
  /** What the merchant answers notifications with. */
  reply: () => HttpAnswer;
  /** Lets everything happen that needs no time. */
  settle(): Promise<void>;
}

/** Opens a world; the bank is of the same secret and clock as the channel unless told otherwise. */
export async function openSandboxWorld(
  options: { readonly store?: BankStore; readonly secret?: string; readonly clockAheadMs?: number } = {},
): Promise<SandboxWorld> {
  const { store = createMemoryBankStore(), secret = config.Secret, clockAheadMs = 0 } = options;
  const runtime = createManualRuntime();
  const notifies: RawNotify[] = [];
  let fails: Parameters<ChannelWorld["failNext"]>[0] | undefined;
  const merchant: HttpTransport = {
    send: async ({ headers, body = new Uint8Array() }) => {
      notifies.push({ headers, body });
      return world.reply();
    },
  };
  const bank = createSandboxBank({
    appId: config.AppId,
    secret,
    store,
    runtime: { ...runtime, now: () => runtime.now() + clockAheadMs },
    http: merchant,
    log: silentLogger,
    cashierUrl: (outTradeNo) => `http://bank.test/sandbox/cashier/${outTradeNo}`,
  });
  const wire: HttpTransport = {
    send: async (request, { timeoutMs }) => {
      if (timeoutMs <= 0) throw new Error("sent without time for an answer");
      const failing = fails;
      fails = undefined;
      if (failing === "request") throw lost();
      const answer = await bank.answer(asked(request));
      if (failing === "answer") throw lost();
      return failing === "forged" ? forged(answer) : answer;
    },
  };
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < TURNS; turn += 1) await setImmediate();
  };
  const world: SandboxWorld = {
    runtime,
    bank,
    channel: createSandboxChannel(config, { runtime, http: wire }),
    notifies,
    reply: () => answered(200, "success"),
    now: runtime.now,
    signedHeaders: [SIGNATURE_HEADER],
    settle,
    advance: async (ms) => {
      runtime.advance(ms);
      await settle();
    },
    pay: async (outTradeNo) => {
      await bank.pay(outTradeNo);
    },
    failNext: (what) => {
      fails = what;
    },
    close: () => bank.close(),
  };
  await bank.start();
  return world;
}

/** An answer of a merchant. */
export function answered(status: number, text: string): HttpAnswer {
  return { status, headers: {}, body: Buffer.from(text) };
}

function asked({ url, headers, body = new Uint8Array() }: HttpRequest) {
  return { operation: url.split("/").at(-1) ?? "", headers, body };
}

function lost(): AppError {
  return new AppError("UNAVAILABLE", "NO_ANSWER", "no answer");
}

/** An answer with another state in it than the bank's. */
function forged(answer: HttpAnswer): HttpAnswer {
  const text = Buffer.from(answer.body).toString("utf8");
  return { ...answer, body: Buffer.from(text.replace("OK", "NO").replace("paid", "open")) };
}
