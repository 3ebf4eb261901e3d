import { AsyncLocalStorage } from "node:async_hooks";
import { toAppError } from "@mall/kit/errors";
import type { HttpAnswer, HttpRequest, HttpTransport } from "@mall/kit/http";
import type { Runtime } from "@mall/kit/runtime";
import type { Channel } from "./channel.ts";

/** What a channel is asked for, and about which trade or refund. */
interface Question {
  readonly channel: string;
  readonly operation: "prepay" | "query" | "close" | "refund" | "query_refund" | "query_dispute";
  /** Its number; of a dispute the channel's. */
  readonly subject: string;
}

/** A request to a channel and what came of it, as they went over the wire: with all secrets. */
export interface Exchange extends Question {
  readonly request: HttpRequest;
  /** Undefined where there was none. */
  readonly answer: HttpAnswer | undefined;
  /** Why there was none; empty where there was one. */
  readonly error: string;
  /** Milliseconds since the Unix epoch. */
  readonly sentAt: number;
  readonly tookMs: number;
}

/** Is told of each exchange when it is over; must neither throw nor take its time. */
export type Overhear = (exchange: Exchange) => void;

/** Which question the running request belongs to. */
const asked = new AsyncLocalStorage<Question>();

/** Tells of the requests that a channel sends to answer a question; of others, which ask for its keys, nothing. */
export function overheard(
  http: HttpTransport,
  runtime: Pick<Runtime, "now" | "elapsed">,
  overhear: Overhear,
): HttpTransport {
  return {
    send: async (request, options) => {
      const question = asked.getStore();
      if (question === undefined) return http.send(request, options);
      const [sentAt, startedAt] = [runtime.now(), runtime.elapsed()];
      const tell = (answer: HttpAnswer | undefined, error = ""): void => {
        const tookMs = Math.round(runtime.elapsed() - startedAt);
        overhear({ ...question, request, answer, error, sentAt, tookMs });
      };
      try {
        const answer = await http.send(request, options);
        tell(answer);
        return answer;
      } catch (failure) {
        const { reason, message } = toAppError(failure);
        tell(undefined, `${reason}: ${message}`);
        throw failure;
      }
    },
  };
}

/** The channel, whose requests know which question they are for. */
export function namingQuestions(channel: Channel): Channel {
  const { name, queryDispute } = channel;
  const about = (operation: Question["operation"], subject: string): Question => ({
    channel: name,
    operation,
    subject,
  });
  return {
    ...channel,
    prepay: (call, attempt) =>
      asked.run(about("prepay", attempt.outTradeNo), () => channel.prepay(call, attempt)),
    query: (call, trade) => asked.run(about("query", trade.outTradeNo), () => channel.query(call, trade)),
    close: (call, trade) => asked.run(about("close", trade.outTradeNo), () => channel.close(call, trade)),
    refund: (call, refund) => asked.run(about("refund", refund.refundNo), () => channel.refund(call, refund)),
    queryRefund: (call, refund) =>
      asked.run(about("query_refund", refund.refundNo), () => channel.queryRefund(call, refund)),
    ...(queryDispute && {
      queryDispute: (call, disputeNo) =>
        asked.run(about("query_dispute", disputeNo), () => queryDispute(call, disputeNo)),
    }),
  };
}
