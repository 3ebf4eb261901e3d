import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { type DelayRange, Lane } from "./proxy-lane.ts";

/** Which way bytes go. */
export type Direction = "toServer" | "toClient";

/** How long bytes are under way; a direction that is left out passes them on at once. */
export type Delays = Readonly<Partial<Record<Direction, DelayRange>>>;

export interface DelayProxyOptions {
  /** `host:port` of the server. */
  readonly target: string;
  /** 0 ≤ x < 1, each time another one; from a seed, so that a run can be repeated as far as its delays go. */
  readonly random: () => number;
  readonly delays?: Delays;
}

/** A way to a TCP server that is as slow as a test likes; bytes of one connection keep their order. */
export interface DelayProxy {
  /** `host:port` that clients connect to. */
  readonly host: string;
  /** Connections that are open. */
  readonly connections: number;
  /** Bytes that are under way. */
  readonly heldBytes: number;
  /** Sets the delays of what comes from now on, in all connections. */
  delay(delays: Delays): void;
  /** Keeps what goes in one direction, or in both, until `resume`. */
  pause(direction?: Direction): void;
  resume(): void;
  /** Ends all connections, with what is under way in them; new ones are taken. */
  cut(): void;
  /** Ends all connections and takes no more. */
  stop(): Promise<void>;
}

/** Opens a way to a server on a free port of 127.0.0.1. */
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
      // One side is gone in the middle of something: so it is for the other.
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
  /** At once, with what is under way. */
  readonly end: () => void;
}
