import { toAppError } from "@mall/kit/errors";
import type { Logger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import { fitText } from "@mall/kit/store";
import type { RawNotify } from "../channels/channel.ts";
import type { NewPayNotifyRefusedRow, PayNotifyRefusedModel } from "../model/pay-notify-refused-model.ts";

/** Whoever forges notifications writes no more than a row in so many milliseconds, for each channel and process. */
const KEPT_EACH_MS = 10_000;
/** Rows of a channel; more than a day of one process. */
const ROWS_MAX = 10_000;
/** The oldest are looked for with the first row that a process writes of a channel, and each so many later. */
const FORGET_EACH = 100;
/** Bytes of a body, and characters of all headers. */
const BODY_MAX = 16 * 1024;
const HEADERS_MAX = 8 * 1024;
const REASON_MAX = 64;
const ERROR_MAX = 255;

/** A notification that its channel did not sign, or of which that could not be found out. */
export interface Refusal extends RawNotify {
  readonly channel: string;
  /** Milliseconds since the Unix epoch. */
  readonly receivedAt: number;
  readonly error: unknown;
}

interface Options {
  readonly runtime: Pick<Runtime, "elapsed">;
  readonly log: Logger;
  readonly model: Pick<PayNotifyRefusedModel, "insert" | "forgetOld">;
}

interface Kept {
  readonly keptAt: number;
  /** How many came since. */
  readonly since: number;
  /** Rows that this process has written. */
  readonly rows: number;
}

const NONE: Kept = { keptAt: Number.NEGATIVE_INFINITY, since: 0, rows: 0 };

/**
 * Keeps what was refused in a channel's name, one of each few seconds and how many there were: an operator sees why,
 * and a forger fills no table. What a process has counted and not written when it ends is lost, as it changes nothing.
 */
export class KeptRefusals {
  readonly #options: Options;
  readonly #channels = new Map<string, Kept>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Writes it down, or counts it where the channel has just had a row. Never rejects. */
  async add(refusal: Refusal): Promise<void> {
    const { runtime, log, model } = this.#options;
    const { channel } = refusal;
    const now = runtime.elapsed();
    const { keptAt, since, rows } = this.#channels.get(channel) ?? NONE;
    const count = since + 1;
    if (now - keptAt < KEPT_EACH_MS) {
      this.#channels.set(channel, { keptAt, since: count, rows });
      return;
    }
    this.#channels.set(channel, { keptAt: now, since: 0, rows: rows + 1 });
    try {
      await model.insert(rowOf(refusal, count));
      if (rows % FORGET_EACH === 0) await model.forgetOld(channel, ROWS_MAX);
    } catch (error) {
      log.warn({ channel, error }, "a refused notification could not be kept");
    }
  }
}

function rowOf(
  { channel, headers, body, receivedAt, error }: Refusal,
  count: number,
): NewPayNotifyRefusedRow {
  const { reason, message } = toAppError(error);
  const kept = keptHeaders(headers);
  const isCut = body.length > BODY_MAX || Object.keys(kept).length < Object.keys(headers).length;
  return {
    ...{ channel, count, receivedAt, headers: JSON.stringify(kept), body: body.subarray(0, BODY_MAX) },
    ...{ reason: fitText(reason, REASON_MAX), error: fitText(message, ERROR_MAX), isCut: isCut ? 1 : 0 },
  };
}

function keptHeaders(headers: RawNotify["headers"]): RawNotify["headers"] {
  let length = 0;
  const kept = Object.entries(headers).filter(([name, value]) => {
    length += name.length + value.length;
    return length <= HEADERS_MAX;
  });
  return Object.fromEntries(kept);
}
