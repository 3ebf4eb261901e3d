import type { IncomingMessage } from "node:http";
import { deadlineExceeded } from "@mall/kit/errors";
import type { Runtime } from "@mall/kit/runtime";
import { headOf, openExchange, type Steps, stepsOf } from "./http-exchange.ts";
import type { HttpStreams } from "./http-transport.ts";

/** Answers of any length over the network; memory does not grow with them. */
export function createNetworkStreams(runtime: Pick<Runtime, "setTimer">): HttpStreams {
  return {
    open: async (request, { timeoutMs }) => {
      if (timeoutMs <= 0) throw deadlineExceeded();
      const steps = stepsOf(request, { runtime, timeoutMs });
      const answer = await steps.inTime(() => openExchange(request, steps.signal));
      return { ...headOf(answer), body: piecesOf(answer, steps), close: () => void answer.destroy() };
    },
  };
}

/** The clock runs while a piece is waited for, and not while whoever has it works on it. */
async function* piecesOf(answer: IncomingMessage, { inTime }: Steps): AsyncGenerator<Uint8Array> {
  const pieces: AsyncIterator<Uint8Array> = answer[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await inTime(() => pieces.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    answer.destroy();
  }
}
