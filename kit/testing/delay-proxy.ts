import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { type DelayRange, Lane } from "./proxy-lane.ts";

/** The direction of bytes. */
export type Direction = "toServer" | "toClient";

/** How long bytes are delayed; a direction that is left out is not delayed. */
export type Delays = Readonly<Partial<Record<Direction, DelayRange>>>;

export interface DelayProxyOptions {
  /** `host:port` of the server. */
  readonly target: string;
  /** A random number 0 ≤ x < 1; seeded, so that a run's delays can be repeated. */
  readonly random: () => number;
  readonly delays?: Delays;
}

/** A proxy to a TCP server, as slow as a test likes; the bytes of a connection stay in order. */
export interface DelayProxy {
  /** `host:port` that clients connect to. */
  readonly host: string;
  /** Open connections. */
  readonly connections: number;
  /** Bytes in transit. */
  readonly heldBytes: number;
  /** Sets the delays of bytes that arrive from now on, on all connections. */
  delay(delays: Delays): void;
  /** Holds back the bytes of one direction, or of both, until `resume`. */
  pause(direction?: Direction): void;
  resume(): void;
  /** Closes all connections and drops their bytes in transit; new ones are accepted. */
  cut(): void;
  /** Closes all connections and accepts no more. */
  stop(): Promise<void>;
}

/** Starts a proxy to a server on a free port of 127.0.0.1. */
export async function startDelayProxy(options: DelayProxyOptions): Promise<DelayProxy> {
  const way = new Way(options);
  await way.listen();
  return way;
}

class Way implements DelayProxy {
  readonly #target: { readonly host: string; readonly port: number };
  readonly #random: () => number;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #delays: Delays;
  #paused: ReadonlySet<Direction> = new Set();

  constructor({ target, random, delays = {} }: DelayProxyOptions) {
    const colon = target.lastIndexOf(":");
    this.#target = { host: target.slice(0, colon), port: Number(target.slice(colon + 1)) };
    this.#random = random;
    this.#delays = delays;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#take(client));
  }

  get host(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the proxy has ended");
    return `127.0.0.1:${address.port}`;
  }

  get connections(): number {
    return this.#pairs.size;
  }

  get heldBytes(): number {
    return [...this.#pairs].reduce(
      (sum, { lanes }) => sum + lanes.toServer.heldBytes + lanes.toClient.heldBytes,
      0,
    );
  }

  async listen(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  delay(delays: Delays): void {
    this.#delays = delays;
  }

  pause(direction?: Direction): void {
    this.#paused = new Set(direction === undefined ? ["toServer", "toClient"] : [direction]);
    this.#applyPause();
  }

  resume(): void {
    this.#paused = new Set();
    this.#applyPause();
  }

  cut(): void {
    for (const { end } of this.#pairs) end();
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.cut();
    await closed;
  }

  #take(client: Socket): void {
    const server = connect({ ...this.#target, allowHalfOpen: true, noDelay: true });
    const lanes = {
      toServer: new Lane(client, server, () => this.#draw("toServer")),
      toClient: new Lane(server, client, () => this.#draw("toClient")),
    };
    const pair: Pair = {
      lanes,
      end: () => {
        client.destroy();
        server.destroy();
      },
    };
    this.#pairs.add(pair);
    let open = 2;
    for (const socket of [client, server]) {
      // One side went away in mid-transfer, and so must the other.
      socket.on("error", pair.end);
      socket.on("close", () => {
        open -= 1;
        if (open === 0) this.#pairs.delete(pair);
      });
    }
    this.#applyPause();
  }

  #applyPause(): void {
    for (const { lanes } of this.#pairs) {
      lanes.toServer.setPaused(this.#paused.has("toServer"));
      lanes.toClient.setPaused(this.#paused.has("toClient"));
    }
  }

  /** Milliseconds. */
  #draw(direction: Direction): number {
    const { min, max } = this.#delays[direction] ?? { min: 0, max: 0 };
    return min + this.#random() * (max - min);
  }
}

/** Both directions of one connection. */
interface Pair {
  readonly lanes: Readonly<Record<Direction, Lane>>;
  /** Immediately, dropping bytes in transit. */
  readonly end: () => void;
}
