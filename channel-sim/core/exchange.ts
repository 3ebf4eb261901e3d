import { FAULTS, type FaultName, type Lie, lieOf, type SealFlaw, sealFlawOf } from "./faults.ts";
import type { SimCore } from "./sim-core.ts";
import type { SimAnswer } from "./sim-http.ts";

const ANSWER_FAULTS = FAULTS.filter((fault) => fault.startsWith("answer."));
/** Longer than any SDK waits by default (Stripe's: 80 s). */
const HANG_MS = 120_000;
const PROXY_HTML =
  "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>";

/** One request of a merchant that is about to be carried out, in the hands of its channel. */
export interface Exchange<Said> {
  readonly channel: string;
  readonly operation: string;
  readonly outTradeNo: string;
  carryOut(): Promise<Said>;
  /** The answer as it would be about another amount, app or merchant. */
  lie(said: Said, lie: Lie): Said;
  /** Signs. */
  seal(said: Said, flaw: SealFlaw | undefined): SimAnswer;
  /** What the channel says when it has an error or is asked too often. */
  trouble(what: "error" | "rate-limited"): Said;
}

/** Answers a merchant, as well or as badly as the faults say. */
export async function answerExchange<Said>(core: SimCore, exchange: Exchange<Said>): Promise<SimAnswer> {
  const { channel, operation, outTradeNo } = exchange;
  const taken = core.faults.take({ channel, operation, outTradeNo }, ...ANSWER_FAULTS);
  if (taken !== undefined) {
    const refused = await refuseBefore(core, exchange, taken);
    if (refused !== undefined) return refused;
  }
  const said = await exchange.carryOut();
  if (taken === undefined) return exchange.seal(said, undefined);
  return spoil(core, exchange, { taken, said });
}

interface Taken {
  readonly fault: FaultName;
  readonly ms: number;
}

/** The answer where nothing is carried out. */
async function refuseBefore<Said>(
  core: SimCore,
  exchange: Exchange<Said>,
  { fault, ms }: Taken,
): Promise<SimAnswer | undefined> {
  switch (fault) {
    case "answer.timeout-before":
      return hang(core, ms);
    case "answer.error-before":
      return exchange.seal(exchange.trouble("error"), undefined);
    case "answer.rate-limited":
      return exchange.seal(exchange.trouble("rate-limited"), undefined);
    default:
      return undefined;
  }
}

/** The answer to what has been carried out. */
async function spoil<Said>(
  core: SimCore,
  exchange: Exchange<Said>,
  { taken, said }: { readonly taken: Taken; readonly said: Said },
): Promise<SimAnswer> {
  switch (taken.fault) {
    case "answer.timeout-after":
      return hang(core, taken.ms);
    case "answer.error-after":
      return exchange.seal(exchange.trouble("error"), undefined);
    case "answer.html":
      return { status: 502, headers: { "Content-Type": "text/html" }, body: Buffer.from(PROXY_HTML) };
    case "answer.half":
      return { ...exchange.seal(said, undefined), cut: "half" };
    case "answer.slow":
      await core.pause(taken.ms);
      return exchange.seal(said, undefined);
    default: {
      const lie = lieOf(taken);
      return exchange.seal(lie === undefined ? said : exchange.lie(said, lie), sealFlawOf(taken));
    }
  }
}

async function hang(core: SimCore, ms: number): Promise<SimAnswer> {
  await core.pause(ms === 0 ? HANG_MS : ms);
  return { status: 504, headers: {}, body: new Uint8Array(), cut: "before" };
}
