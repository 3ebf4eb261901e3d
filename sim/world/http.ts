import { deadlineExceeded } from "@mall/kit/errors";
import type { HttpAnswer, HttpRequest, HttpTransport } from "@mall/kit/http";
import type { Kernel, Owner } from "../kernel/index.ts";
import type { Network } from "../network/index.ts";
import { isInTransaction } from "../storage/index.ts";
import { noAnswer } from "./bank.ts";

/** A server outside of whoever sends: where a request goes by its address. */
export interface HttpServer {
  readonly name: string;
  answer(request: HttpRequest): Promise<HttpAnswer>;
}

/** HTTP over the simulated network, for one sender. */
export function createSimHttp(options: {
  readonly kernel: Kernel;
  readonly network: Network;
  readonly from: string;
  /** The process that sends; nothing comes back to one that has ended. */
  readonly owner?: Owner | undefined;
  readonly serverOf: (url: string) => HttpServer | undefined;
}): HttpTransport {
  const { kernel, network, from, owner, serverOf } = options;
  return {
    send: (request, { timeoutMs }) =>
      new Promise<HttpAnswer>((resolve, reject) => {
        const server = serverOf(request.url);
        if (isInTransaction()) kernel.fail(new Error(`${from} calls ${request.url} inside of a transaction`));
        if (server === undefined || timeoutMs <= 0) {
          reject(timeoutMs <= 0 ? deadlineExceeded() : noAnswer());
          return;
        }
        kernel.schedule(timeoutMs, () => reject(deadlineExceeded()), owner);
        const arrive = (): void => {
          server.answer(request).then(
            (answer) => {
              const delayMs = network.answer(from, server.name);
              if (delayMs !== undefined) kernel.schedule(delayMs, () => resolve(answer), owner);
            },
            () => kernel.schedule(network.notice(), () => reject(noAnswer()), owner),
          );
        };
        const { delayMs, copyMs } = network.request(from, server.name);
        for (const each of [delayMs, copyMs]) if (each !== undefined) kernel.schedule(each, arrive);
        const brokenMs = network.break(from, server.name);
        if (brokenMs !== undefined) kernel.schedule(brokenMs, () => reject(noAnswer()), owner);
      }),
  };
}

/** Headers with the names in lower case, as whoever receives them has them. */
export function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
