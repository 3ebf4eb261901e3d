import { once } from "node:events";
import { createConnection, createServer, type Socket } from "node:net";
import type { TestContext } from "node:test";
import type { Logger } from "@mall/kit/log";

/** Changes what passes a wire, chunk by chunk; `at` is the number of the chunk's first byte. */
export type Tamper = (chunk: Buffer, at: number) => readonly Buffer[];

/** A wire to a server that a test can cut, hold up and tamper with. */
export interface Wire {
  /** Where a client finds it. */
  readonly address: string;
  /** Bytes that came from clients. */
  readonly sent: number;
  /** Cuts every connection; new ones can be made. */
  cut(): void;
  /** Holds back what the server says, or lets it flow again. */
  holdAnswers(held: boolean): void;
}

/** A wire to the server at `target`; `tamper` changes what clients send. */
export async function wireTo(
  t: TestContext,
  target: string,
  tamper: Tamper = (chunk) => [chunk],
): Promise<Wire> {
  const sockets: Socket[] = [];
  const farSide: Socket[] = [];
  let sent = 0;
  const cut = (): void => {
    for (const socket of sockets.splice(0)) socket.destroy();
    farSide.length = 0;
  };
  const proxy = createServer((near) => {
    const far = createConnection(Number(target.split(":")[1]), "127.0.0.1");
    near.setNoDelay(true);
    far.setNoDelay(true);
    sockets.push(near, far);
    farSide.push(far);
    near.on("error", cut).on("close", () => far.destroy());
    far.on("error", cut).on("close", () => near.destroy());
    near.on("data", (chunk) => {
      for (const piece of tamper(chunk, sent)) far.write(piece);
      sent += chunk.length;
    });
    far.pipe(near);
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const address = proxy.address();
  if (address === null || typeof address === "string") throw new Error("the wire has no port");
  t.after(() => {
    cut();
    proxy.close();
  });
  return {
    address: `127.0.0.1:${address.port}`,
    get sent() {
      return sent;
    },
    cut,
    holdAnswers: (held) => {
      for (const far of farSide) {
        if (held) far.pause();
        else far.resume();
      }
    },
  };
}

/** A log that keeps the sentences of its warnings. */
export function warningLog(): { log: Logger; warnings: string[] } {
  const warnings: string[] = [];
  const nothing = (): void => {};
  const log: Logger = {
    debug: nothing,
    info: nothing,
    warn: (_fields, message) => warnings.push(message),
    error: nothing,
    child: () => log,
  };
  return { log, warnings };
}
