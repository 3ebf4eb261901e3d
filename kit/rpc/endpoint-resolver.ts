import { experimental } from "@grpc/grpc-js";
import type { Runtime } from "@mall/kit/runtime";
import { parseAddress } from "./address.ts";
import type { EndpointSource } from "./endpoint-source.ts";
import type { PeerLoad } from "./peer-load.ts";

const SCHEME = "mall";

/** A channel option of our own; with this prefix it stays out of what makes two connections equal. */
const CONTEXT_OPTION = `${experimental.SUBCHANNEL_ARGS_EXCLUDE_KEY_PREFIX}.mall_channel`;

/** A peer to which there is a connection. */
export interface ConnectedPeer {
  readonly name: string;
  readonly load: PeerLoad;
}

/** What our parts of a grpc-js channel, which the library constructs, need to know. */
export interface ChannelContext {
  readonly source: EndpointSource;
  readonly runtime: Runtime;
  /** Told after each change to which peers there is a connection. */
  onConnected(peers: readonly ConnectedPeer[]): void;
}

/** The option that hands the context to the library, and the target that leads to our resolver. */
export function channelTarget(context: ChannelContext): { target: string; options: Record<string, unknown> } {
  return { target: `${SCHEME}:${context.source.authority}`, options: { [CONTEXT_OPTION]: context } };
}

/** The context among a channel's options. */
export function channelContext(options: Readonly<Record<string, unknown>>): ChannelContext {
  // Only channelTarget sets this option.
  return options[CONTEXT_OPTION] as ChannelContext;
}

/** Gives grpc-js what an EndpointSource knows, and each change of it. */
class EndpointResolver implements experimental.Resolver {
  readonly #source: EndpointSource;
  readonly #listener: experimental.ResolverListener;
  #leave: (() => void) | undefined;

  constructor(
    _target: experimental.GrpcUri,
    listener: experimental.ResolverListener,
    options: Readonly<Record<string, unknown>>,
  ) {
    this.#source = channelContext(options).source;
    this.#listener = listener;
  }

  /** Asked for at the start and after lost connections; what changes in between is reported by itself. */
  updateResolution(): void {
    if (this.#leave !== undefined) return;
    this.#leave = this.#source.onChange(() => this.#report());
    // The library takes no answer within its question.
    process.nextTick(() => this.#report());
  }

  destroy(): void {
    this.#leave?.();
    this.#leave = undefined;
  }

  #report(): void {
    const current = this.#source.current();
    if (this.#leave === undefined || current === undefined) return;
    const endpoints = current.map((text) => ({ addresses: [parseAddress("Endpoints", text)] }));
    this.#listener(experimental.statusOrFromValue(endpoints), {}, null, "");
  }

  /** What goes into the `:authority` header. */
  static getDefaultAuthority(target: experimental.GrpcUri): string {
    return target.path;
  }
}

experimental.registerResolver(SCHEME, EndpointResolver);
