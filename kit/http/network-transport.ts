import type { IncomingMessage } from "node:http";
import { deadlineExceeded } from "@mall/kit/errors";
import { type Breaker, type Breakers, judgeCall, runBehind } from "@mall/kit/resilience";
import type { Runtime } from "@mall/kit/runtime";
import { headOf, hostOf, openExchange, stepsOf, tooLarge } from "./http-exchange.ts";
import type { HttpAnswer, HttpTransport } from "./http-transport.ts";

/** More than any channel answers with; what is longer is not read. */
const ANSWER_BYTES_MAX = 1024 * 1024;
/** A server that answers like this is not well. */
const FAILURE_STATUS_MIN = 500;

/** The transport of a process: its HTTP client, with a time and a size that an answer may take. */
export function createNetworkTransport(options: {
  readonly runtime: Runtime;
  /** Puts one in front of every server, so that one that hangs does not hold all who ask it; none by default. */
  readonly breakers?: Breakers | undefined;
  /** Longest answer, bytes; 1 MiB by default. */
  readonly answerBytesMax?: number;
}): HttpTransport {
  const { runtime, breakers, answerBytesMax = ANSWER_BYTES_MAX } = options;
  const guards = new Map<string, Breaker>();
  return {
    send: async (request, { timeoutMs }) => {
      if (timeoutMs <= 0) throw deadlineExceeded();
      const { signal, inTime } = stepsOf(request, { runtime, timeoutMs });
      const sent = (): Promise<HttpAnswer> =>
        inTime(async () => readAtMost(await openExchange(request, signal), request.url, answerBytesMax));
      if (breakers === undefined) return sent();
      const host = hostOf(request);
      const guard = guards.get(host) ?? breakers.create("http_client", host);
      guards.set(host, guard);
      return runBehind(guard, judgeCall, sent, ({ status }) => status >= FAILURE_STATUS_MIN);
    },
  };
}

async function readAtMost(answer: IncomingMessage, url: string, bytesMax: number): Promise<HttpAnswer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop early closes the connection.
  for await (const chunk of answer) {
    length += chunk.length;
    if (length > bytesMax) throw tooLarge(url, bytesMax);
    chunks.push(chunk);
  }
  return { ...headOf(answer), body: Buffer.concat(chunks) };
}
