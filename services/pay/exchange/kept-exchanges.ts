import { createBatcher, pause } from "@mall/kit/async";
import type { Logger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import { createRowSweeper, fitText } from "@mall/kit/store";
import { activeTrace } from "@mall/kit/trace";
import type { Exchange, Overhear } from "../channels/exchange.ts";
import type { NewPayExchangeRow, PayExchangeModel } from "../model/pay-exchange-model.ts";
import { addressWithout, withoutSecrets } from "./without-secrets.ts";

/** Of a request and of an answer each, characters, which are at most three times as many bytes. */
const TEXT_MAX = 16_000;
const TARGET_MAX = 255;
const ERROR_MAX = 255;
/** From one statement to the next, milliseconds, unless there are as many rows as that: each is a commit of its own. */
const REST_MS = 100;
const FULL = 64;
/** Rows that wait to be written; those beyond are lost: a database that is slow is not to fill the memory. */
const WAITING_MAX = 1_000;

interface Options {
  readonly runtime: Runtime;
  readonly log: Logger;
  readonly model: Pick<PayExchangeModel, "insert" | "forgetOld">;
  /** How long a row is kept, milliseconds. */
  readonly keptMs: number;
}

/**
 * Keeps what channels are asked and answer. Rows are written behind the answer, many together, so that no payment
 * waits for them and few pay for a commit of theirs; one that cannot be written, or that a process had not written
 * when it was killed, is lost, as nothing is decided by it.
 */
export function keepExchanges({ runtime, log, model, keptMs }: Options): Overhear {
  let waiting = 0;
  const swept = createRowSweeper({ runtime, keptMs, remove: model.forgetOld });
  const write = createBatcher<TracedExchange, undefined>(runtime, { inFlightMax: 1 }, async (exchanges) => {
    try {
      // Of one tick: one statement.
      await Promise.all(exchanges.map((exchange) => model.insert(rowOf(exchange))));
      for (const _exchange of exchanges) await swept();
    } catch (error) {
      log.warn({ count: exchanges.length, error }, "what channels were asked could not be kept");
    }
    waiting -= exchanges.length;
    if (exchanges.length < FULL) await pause(runtime, REST_MS);
    return exchanges.map(() => undefined);
  });
  return (exchange) => {
    if (waiting >= WAITING_MAX) return;
    waiting += 1;
    void write({ ...exchange, traceId: activeTrace()?.traceId ?? "" });
  };
}

type TracedExchange = Exchange & { readonly traceId: string };

function rowOf(exchange: TracedExchange): NewPayExchangeRow {
  const { channel, operation, subject, error, sentAt, tookMs, answer, traceId } = exchange;
  const { method, url, body } = exchange.request;
  const texts = [withoutSecrets(body), withoutSecrets(answer?.body)];
  const [request = "", told = ""] = texts.map((text) => fitText(text, TEXT_MAX));
  return {
    ...{ channel, operation, subject, request, answer: told, status: answer?.status ?? 0, sentAt, tookMs },
    target: fitText(`${method} ${addressWithout(url)}`, TARGET_MAX),
    error: fitText(error, ERROR_MAX),
    isCut: texts.some((text) => text.length > TEXT_MAX) ? 1 : 0,
    traceId,
  };
}
