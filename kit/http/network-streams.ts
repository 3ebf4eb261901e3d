import type { IncomingMessage } from "node:http";
import { deadlineExceeded } from "@mall/kit/errors";
import type { Runtime } from "@mall/kit/runtime";
import { headOf, openExchange, type Steps, stepsOf, tooLarge } from "./http-exchange.ts";
import type { HttpStreams } from "./http-transport.ts";

/** Many times the bill of a busy day: what is longer has no end. */
const STREAM_BYTES_MAX = 4 * 1024 ** 3;

/** Long answers over the network; memory does not grow with them. */
export function createNetworkStreams(
  runtime: Pick<Runtime, "setTimer">,
  { bytesMax = STREAM_BYTES_MAX }: { readonly bytesMax?: number } = {},
): HttpStreams {
  return {
    open: async (request, { timeoutMs }) => {
      if (timeoutMs <= 0) throw deadlineExceeded();
      const steps = stepsOf(request, { runtime, timeoutMs });
      const answer = await steps.inTime(() => openExchange(request, steps.signal));
      return {
        ...headOf(answer),
        body: piecesOf(answer, { url: request.url, bytesMax, steps }),
        close: () => void answer.destroy(),
      };
    },
  };
}

/** The clock runs while a piece is waited for, and not while whoever has it works on it. */
async function* piecesOf(
  answer: IncomingMessage,
  { url, bytesMax, steps }: { readonly url: string; readonly bytesMax: number; readonly steps: Steps },
): AsyncGenerator<Uint8Array> {
  let length = 0;
  const pieces: AsyncIterator<Uint8Array> = answer[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await steps.inTime(() => pieces.next());
      if (next.done === true) return;
      length += next.value.length;
      if (length > bytesMax) throw tooLarge(url, bytesMax);
      yield next.value;
    }
  } finally {
    answer.destroy();
  }
}
