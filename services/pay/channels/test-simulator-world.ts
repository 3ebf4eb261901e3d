import { setImmediate } from "node:timers/promises";
import {
  type ChannelSimulator,
  createChannelSimulator,
  MemoryStore,
  type SimAccounts,
} from "@mall/channel-sim/bank";
import { AppError } from "@mall/kit/errors";
import type { HttpAnswer, HttpRequest, HttpStreams, HttpTransport } from "@mall/kit/http";
import { type Logger, silentLogger } from "@mall/kit/log";
import { createManualRuntime, type ManualRuntime } from "@mall/kit/testing";
import type { Channel, RawNotify } from "./channel.ts";
import type { ChannelWorld } from "./test-channel-conformance.ts";

/** Where the simulator of a world is, for whoever asks it, and where it posts to. */
export const GATEWAY = "http://channel.test";
export const NOTIFY_URL = "http://mall.test/notify";

const NOBODY: SimAccounts = { alipay: [], wechat: [] };

/** More turns of the event loop than anything between two timers takes. */
const TURNS = 50;
/** So that refunds take no longer than the conformance waits. */
const SPEED = 100;
const PIECE_BYTES = 100;

/** The simulator's side of a real channel, in a time that a test moves. */
export interface SimulatorWorld extends ChannelWorld {
  readonly streams: HttpStreams;
  readonly simulator: ChannelSimulator;
  readonly runtime: ManualRuntime;
  /** All requests to it so far, in order. */
  readonly requests: readonly HttpRequest[];
  /** What the channel has warned of so far. */
  readonly warnings: readonly string[];
}

interface SimulatorWorldOptions {
  readonly accounts: Partial<SimAccounts>;
  /** What the simulator calls the channel. */
  readonly name: string;
  readonly signedHeaders: readonly string[];
  readonly createChannel: (outside: {
    readonly runtime: ManualRuntime;
    readonly http: HttpTransport;
    readonly log: Logger;
  }) => Channel;
  /** WeChat Pay: the next certificate of its platform, as of now. */
  readonly nextPlatformKey?: (runtime: ManualRuntime) => ReturnType<ChannelSimulator["rotate"]>;
}

/** Opens a world without a port or a file. */
export async function openSimulatorWorld(options: SimulatorWorldOptions): Promise<SimulatorWorld> {
  const { accounts, name, signedHeaders, createChannel, nextPlatformKey } = options;
  const runtime = createManualRuntime();
  const notifies: RawNotify[] = [];
  const requests: HttpRequest[] = [];
  const warnings: string[] = [];
  const log: Logger = { ...silentLogger, warn: (_fields, text) => void warnings.push(text) };
  let fails: Parameters<ChannelWorld["failNext"]>[0] | undefined;
  const merchant: HttpTransport = {
    send: async ({ headers, body = new Uint8Array() }) => {
      notifies.push({ headers: lowerCase(headers), body });
      return { status: 200, headers: {}, body: Buffer.from("success") };
    },
  };
  const simulator = createChannelSimulator({
    ...{
      accounts: { ...NOBODY, ...accounts },
      store: new MemoryStore(),
      runtime,
      http: merchant,
      log: silentLogger,
      nextPlatformKey: nextPlatformKey && (() => nextPlatformKey(runtime)),
    },
    publicUrl: () => GATEWAY,
  });
  simulator.speed = SPEED;
  await simulator.start();
  const http: HttpTransport = {
    send: async (request, { timeoutMs }) => {
      if (timeoutMs <= 0) throw new Error("sent without time for an answer");
      const failing = fails;
      fails = undefined;
      if (failing === "request") throw lost();
      requests.push(request);
      const { status, headers, body } = await simulator.answer(asked(request));
      if (failing === "answer") throw lost();
      const answer = { status, headers: lowerCase(headers), body };
      return failing === "forged" ? altered(answer) : answer;
    },
  };
  const streams: HttpStreams = {
    open: async (request) => {
      requests.push(request);
      const { status, headers, body } = await simulator.answer(asked(request));
      return { status, headers: lowerCase(headers), body: inPieces(body), close: () => {} };
    },
  };
  const world: SimulatorWorld = {
    simulator,
    streams,
    runtime,
    requests,
    warnings,
    channel: createChannel({ runtime, http, log }),
    notifies,
    signedHeaders,
    now: runtime.now,
    advance: async (ms) => {
      runtime.advance(ms);
      for (let turn = 0; turn < TURNS; turn += 1) await setImmediate();
    },
    pay: async (outTradeNo) => {
      await simulator.pay(name, outTradeNo);
    },
    failNext: (what) => {
      fails = what;
    },
    close: () => simulator.close(),
  };
  return world;
}

function asked({ method, url, headers, body = new Uint8Array() }: HttpRequest) {
  return { method, url: url.slice(GATEWAY.length), headers, body };
}

/** Small ones, so that what belongs together is cut. */
async function* inPieces(body: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.length; at += PIECE_BYTES) yield body.subarray(at, at + PIECE_BYTES);
}

function lost(): AppError {
  return new AppError("UNAVAILABLE", "NO_ANSWER", "no answer");
}

/** The answer with one blank more, which nobody signed: within what it says, or behind it. */
function altered(answer: HttpAnswer): HttpAnswer {
  const text = Buffer.from(answer.body).toString("utf8");
  return { ...answer, body: Buffer.from(text.includes(",") ? text.replace(",", ", ") : `${text} `) };
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([key, value]) => [key.toLowerCase(), value]));
}
