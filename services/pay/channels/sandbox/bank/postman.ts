import { type Fate, Postman } from "@mall/kit/counterpart";
import type { HttpTransport } from "@mall/kit/http";
import type { Logger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import { ACKNOWLEDGED } from "../protocol.ts";
import { PURPOSE, SIGNATURE_HEADER, sign } from "../signature.ts";
import type { BankNotice, BankStore } from "./bank-store.ts";
import type { BankFaults } from "./faults.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** The pauses between unacknowledged deliveries: WeChat Pay's, a day in total. */
const RETRY_MS: readonly number[] = [
  15 * SECOND_MS,
  15 * SECOND_MS,
  30 * SECOND_MS,
  3 * MINUTE_MS,
  10 * MINUTE_MS,
  20 * MINUTE_MS,
  ...Array<number>(3).fill(30 * MINUTE_MS),
  HOUR_MS,
  ...Array<number>(3).fill(3 * HOUR_MS),
  ...Array<number>(2).fill(6 * HOUR_MS),
];

/** Timeout for the merchant's acknowledgement, milliseconds. */
const TIMEOUT_MS = 5 * SECOND_MS;
/** Older than any clock window, milliseconds. */
const STALE_MS = HOUR_MS;

interface PostmanOptions {
  readonly secret: string;
  readonly store: BankStore;
  readonly runtime: Runtime;
  readonly http: HttpTransport;
  readonly log: Logger;
  readonly faults: BankFaults;
}

const FLAWS = ["notify.tampered", "notify.stale", "notify.wrong-amount", "notify.wrong-currency"] as const;

type Flaw = (typeof FLAWS)[number];

export type BankPostman = Postman<BankNotice, Flaw>;

/** Delivers a bank's notices, each until the merchant acknowledges it. */
export function createPostman(options: PostmanOptions): BankPostman {
  const { store, runtime, log, faults } = options;
  return new Postman({
    runtime,
    log,
    store: {
      letters: () => store.notices(),
      keep: (notice) => store.save({ notices: [notice] }),
      end: (id) => store.save({ ended: [id] }),
    },
    retryMs: (_notice, attempts) => RETRY_MS[attempts],
    fateOf: ({ outTradeNo }) => fateOf(faults, outTradeNo),
    post: (notice, flaw) => post(notice, flaw, options),
  });
}

function fateOf(faults: BankFaults, outTradeNo: string): Fate<Flaw> {
  const taken = faults.take(
    { outTradeNo },
    "notify.lost",
    "notify.late",
    "notify.doubled",
    "notify.reordered",
    ...FLAWS,
  );
  switch (taken?.fault) {
    case "notify.lost":
      return { way: "lost" };
    case "notify.late":
      return { way: "late", ms: taken.ms };
    case "notify.reordered":
      return { way: "reordered" };
    case "notify.doubled":
      return { way: "sent", copies: 2, flaw: undefined };
    default:
      return { way: "sent", copies: 1, flaw: taken?.fault };
  }
}

async function post(
  { url, body }: BankNotice,
  flaw: Flaw | undefined,
  { runtime, http, secret, log }: PostmanOptions,
): Promise<boolean> {
  const said = writtenBody(body, flaw);
  const signedAt = runtime.now() - (flaw === "notify.stale" ? STALE_MS : 0);
  const signature = sign({ secret, purpose: PURPOSE.notify, body: said.signed }, signedAt);
  const headers = { "content-type": "application/json", [SIGNATURE_HEADER]: signature };
  try {
    const sent = { method: "POST", url, headers, body: said.sent } as const;
    const answer = await http.send(sent, { timeoutMs: TIMEOUT_MS });
    return answer.status === 200 && Buffer.from(answer.body).toString("utf8").trim() === ACKNOWLEDGED;
  } catch (error) {
    log.debug({ error }, "a notification of the sandbox was not answered");
    return false;
  }
}

/** The bytes that are sent, and those that are signed. */
function writtenBody(body: string, flaw: Flaw | undefined): { signed: Buffer; sent: Buffer } {
  if (flaw === "notify.tampered") return { signed: Buffer.from(body), sent: tampered(body) };
  const lie = flaw === "notify.wrong-amount" ? "amount" : "currency";
  const lies = flaw === "notify.wrong-amount" || flaw === "notify.wrong-currency";
  const sent = Buffer.from(lies ? falsify(body, lie) : body);
  return { signed: sent, sent };
}

/** Changes the amount if there is one, otherwise appends a byte. */
function tampered(body: string): Buffer {
  const changed = falsify(body, "amount");
  return Buffer.from(changed === body ? `${body} ` : changed);
}

/** A notification with another amount or currency than was paid; one that names no money stays as it is. */
function falsify(body: string, what: "amount" | "currency"): string {
  const message = JSON.parse(body) as { trade?: { amount?: number; currency?: string } };
  const { trade } = message;
  if (trade?.amount === undefined) return body;
  const lie =
    what === "amount" ? { amount: trade.amount + 1 } : { currency: trade.currency === "USD" ? "EUR" : "USD" };
  return JSON.stringify({ ...message, trade: { ...trade, ...lie } });
}
