import { z } from "zod";
import type { ChannelSimulator } from "../core/channel-simulator.ts";
import { FAULTS } from "../core/faults.ts";
import { Refusal } from "../core/sim-channel.ts";
import { jsonAnswer, pathOf, type SimAnswer, type SimRequest, textOf } from "../core/sim-http.ts";

const TIMES_MAX = 1_000_000;
const MS_MAX = 86_400_000;

const name = z.string().min(1).max(255);
const text = z.string().min(1).max(1024);

const fault = z.object({
  fault: z.enum(FAULTS),
  times: z.int().min(1).max(TIMES_MAX).optional(),
  ms: z.int().min(0).max(MS_MAX).optional(),
  channel: name.optional(),
  operation: name.optional(),
  outTradeNo: name.optional(),
});

const requests = {
  pay: z.object({
    channel: name,
    outTradeNo: name,
    amount: z.int().min(1).max(4_294_967_295).optional(),
    card: z
      .string()
      .regex(/^\d{12,19}$/)
      .optional(),
  }),
  scan: z.object({ channel: name, outTradeNo: name }),
  fault,
  faults: z.object({ faults: z.array(fault).max(1000) }),
  speed: z.object({ speed: z.number().min(1).max(1_000_000) }),
  rotate: z.object({ mchid: name }),
  bridge: z.union([
    z.object({
      appId: text,
      timeStamp: text,
      nonceStr: text,
      package: text,
      signType: z.literal("RSA"),
      paySign: text,
    }),
    z.object({
      appid: text,
      partnerid: text,
      prepayid: text,
      package: z.literal("Sign=WXPay"),
      noncestr: text,
      timestamp: text,
      sign: text,
    }),
  ]),
  roll: z.object({ endpoint: name }),
  dispute: z.object({
    outTradeNo: name,
    amount: z.int().min(1).max(4_294_967_295).optional(),
    kind: z.enum(["dispute", "inquiry"]).optional(),
  }),
  disputeEnd: z.object({ dispute: name, outcome: z.enum(["won", "lost"]) }),
} as const;

type Handle = (request: SimRequest) => Promise<object>;

/** What switches a simulator over HTTP, under `/simulator/api/`; undefined for other paths. */
export function createControl(
  simulator: ChannelSimulator,
): (request: SimRequest) => Promise<SimAnswer | undefined> {
  const handlers: Readonly<Record<string, Handle>> = {
    "GET trades": async () => ({ trades: await simulator.trades() }),
    "GET letters": async () => ({ letters: simulator.letters.map(({ message: _, ...letter }) => letter) }),
    "GET faults": async () => ({ faults: simulator.faults, known: FAULTS }),
    "POST faults": async (request) => {
      simulator.setFaults(read(request, requests.faults).faults);
      return { faults: simulator.faults };
    },
    "POST fault": async (request) => {
      simulator.setFaults([...simulator.faults, read(request, requests.fault)]);
      return { faults: simulator.faults };
    },
    "POST pay": async (request) => {
      const { channel, outTradeNo, ...payment } = read(request, requests.pay);
      return simulator.pay(channel, outTradeNo, payment);
    },
    "POST scan": async (request) => {
      const { channel, outTradeNo } = read(request, requests.scan);
      await simulator.scan(channel, outTradeNo);
      return {};
    },
    "POST speed": async (request) => {
      simulator.speed = read(request, requests.speed).speed;
      return { speed: simulator.speed };
    },
    "POST hurry": async () => {
      simulator.hurry();
      return {};
    },
    "POST bridge": async (request) => simulator.bridge(read(request, requests.bridge)),
    "POST roll": async (request) => ({ secret: await simulator.roll(read(request, requests.roll).endpoint) }),
    "POST dispute": async (request) => {
      const { outTradeNo, ...demand } = read(request, requests.dispute);
      return { dispute: await simulator.dispute(outTradeNo, demand) };
    },
    "POST dispute/end": async (request) => {
      const { dispute, outcome } = read(request, requests.disputeEnd);
      await simulator.endDispute(dispute, outcome);
      return {};
    },
    "POST rotate": async (request) => {
      const { id } = await simulator.rotate(read(request, requests.rotate).mchid);
      return { serial: id };
    },
  };
  return async (request) => {
    const path = pathOf(request);
    if (!path.startsWith("/simulator/api/")) return undefined;
    const handle = handlers[`${request.method} ${path.slice("/simulator/api/".length)}`];
    if (handle === undefined) return jsonAnswer(404, { code: "NOT_FOUND", message: "no such operation" });
    try {
      return jsonAnswer(200, await handle(request));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const status = error.code === "BAD_REQUEST" ? 400 : error.code === "TRADE_ABSENT" ? 404 : 409;
      return jsonAnswer(status, { code: error.code, message: error.message });
    }
  };
}

/** A page of another origin cannot send this type without being asked first, which nobody here answers. */
function read<Schema extends z.ZodType>(request: SimRequest, schema: Schema): z.output<Schema> {
  const type = request.headers["content-type"] ?? "";
  if (!type.startsWith("application/json"))
    throw new Refusal("BAD_REQUEST", "content-type: must be application/json");
  const result = schema.safeParse(jsonOf(request));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new Refusal("BAD_REQUEST", `${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
}

function jsonOf(request: SimRequest): unknown {
  try {
    return JSON.parse(textOf(request));
  } catch {
    throw new Refusal("BAD_REQUEST", "the body is no JSON");
  }
}
