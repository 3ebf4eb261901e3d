import type { ClientDuplexStream } from "@grpc/grpc-js";
import type { Call } from "@mall/kit/call";
import type { Runtime } from "@mall/kit/runtime";
import type { ConnectedPeer } from "../endpoint-resolver.ts";
import { choosePeer, createChance } from "../peer-load.ts";
import type { WireRequest } from "../wire-request.ts";
import { MuxClientStream } from "./client-stream.ts";
import { requestSize } from "./pending-call.ts";

/**
 * Longest request that travels in a frame, bytes. A longer one goes as a unary call, whose bytes HTTP/2 mixes with
 * those of others; what it costs more then hardly counts.
 */
const REQUEST_BYTES_MAX = 32 * 1024;

/** How long a peer whose stream ended, on a connection that goes on, is called in the unary form only, milliseconds. */
const PAUSE_MS = 1_000;

export interface MuxChannelOptions {
  readonly runtime: Runtime;
  /** Full name of the service that is called. */
  readonly service: string;
  /** Opens a stream of MUX_PATH to the named peer. */
  openStream(peer: string): ClientDuplexStream<Buffer, Buffer>;
}

/** What is known of a connected peer. */
interface Link extends ConnectedPeer {
  /** Undefined for a peer that does not speak the multiplexed form, or does not now. */
  stream: MuxClientStream | undefined;
  /** When to ask it again, milliseconds since the epoch. */
  askAt: number;
}

/**
 * The multiplexed form of a client's calls: a stream to each connected peer, asked for once per connection. While
 * any of the peers does not speak it, calls are left to the unary form, which then spreads them over all.
 */
export class MuxChannel {
  readonly #options: MuxChannelOptions;
  readonly #chance: () => number;
  #links: readonly Link[] = [];
  /** Also those to peers that are no longer there, until the last answer has come. */
  readonly #streams = new Set<MuxClientStream>();
  #closed = false;

  constructor(options: MuxChannelOptions) {
    this.#options = options;
    this.#chance = createChance(options.runtime);
  }

  /** Takes note of the peers to which there is a connection now. */
  setConnected(peers: readonly ConnectedPeer[]): void {
    if (this.#closed) return;
    const before = new Map(this.#links.map((link) => [link.name, link]));
    this.#links = peers.map(
      ({ name, load }) =>
        before.get(name) ?? { name, load, stream: undefined, askAt: Number.NEGATIVE_INFINITY },
    );
    for (const link of this.#links) before.delete(link.name);
    for (const link of before.values()) link.stream?.retire();
    this.#ask();
  }

  /**
   * Sends a call; undefined where it is to be sent in the unary form. The answer may fail as NotBegun, and the
   * call may then be sent again.
   */
  send(request: WireRequest, call: Call): Promise<Buffer> | undefined {
    if (!this.#links.every(({ stream }) => stream?.open === true)) {
      this.#ask();
      return undefined;
    }
    if (requestSize(request) > REQUEST_BYTES_MAX) return undefined;
    const link = choosePeer(this.#links, this.#chance);
    return link?.stream?.send(request, call, link.load);
  }

  /** Ends the streams; calls under way fail as UNAVAILABLE. */
  close(): void {
    this.#closed = true;
    this.#links = [];
    for (const stream of this.#streams) stream.cancel();
  }

  /** Opens the streams that are due. */
  #ask(): void {
    const { runtime, service, openStream } = this.#options;
    for (const link of this.#links) {
      if (link.stream !== undefined || link.askAt > runtime.now()) continue;
      const stream = new MuxClientStream({
        runtime,
        service,
        stream: openStream(link.name),
        onEnd: (end) => {
          this.#streams.delete(stream);
          link.stream = undefined;
          link.askAt = end === "plain" ? Number.POSITIVE_INFINITY : runtime.now() + PAUSE_MS;
        },
      });
      link.stream = stream;
      this.#streams.add(stream);
    }
  }
}
