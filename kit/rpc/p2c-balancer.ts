import { connectivityState, experimental } from "@grpc/grpc-js";
import { type ChannelContext, type ConnectedPeer, channelContext } from "./endpoint-resolver.ts";
import { choosePeer, createChance, isPeerFault, PeerLoad } from "./peer-load.ts";

// Why not gRPC's own outlier detection over round robin: it looks only at the share of failed calls, every
// 10 s, counts a business error as a failure and needs five hosts by default; a slow peer, and a peer that is
// frozen, keeps its full share of the calls. go-zero's choice (p2c_ewma) follows latency and calls under way
// and is kept, with two changes. Its averages take seconds to notice a peer that fails fast, which it even
// prefers meanwhile: here seven failures in a row are enough. And it sends a call to every peer each second,
// however sick: here a sick peer is tried at ever longer intervals, and a slow one when its figures have faded.

/** Name of the policy in a channel's service configuration. */
export const P2C_POLICY = "mall_p2c";

/** The header of a call that is for one peer and no other: the name of that peer. */
export const PEER_HEADER = "mall-peer";

interface Peer extends ConnectedPeer {
  readonly leaf: experimental.LeafLoadBalancer;
}

class P2cConfig implements experimental.TypedLoadBalancingConfig {
  getLoadBalancerName(): string {
    return P2C_POLICY;
  }

  toJsonObject(): object {
    return { [P2C_POLICY]: {} };
  }

  static createFromJson(): P2cConfig {
    return new P2cConfig();
  }
}

/** Keeps a connection to every peer and gives each call to one that is ready, healthy and quick. */
class P2cBalancer implements experimental.LoadBalancer {
  readonly #helper: experimental.ChannelControlHelper;
  readonly #leafHelper: experimental.ChannelControlHelper;
  readonly #peers = new Map<string, Peer>();
  #context: ChannelContext | undefined;
  #chance: (() => number) | undefined;
  #updating = false;
  #lastError = "";

  constructor(helper: experimental.ChannelControlHelper) {
    this.#helper = helper;
    this.#leafHelper = experimental.createChildChannelControlHelper(helper, {
      updateState: (_state, _picker, error) => {
        if (error !== null) this.#lastError = error;
        this.#report();
      },
    });
  }

  /** Connections to peers that stay in the list go on; calls under way to one that leaves it may end. */
  updateAddressList(
    found: experimental.StatusOr<experimental.Endpoint[]>,
    _config: experimental.TypedLoadBalancingConfig,
    options: Readonly<Record<string, unknown>>,
  ): boolean {
    // Our resolver never reports an error: it keeps what it knows.
    if (!found.ok) return true;
    const context = channelContext(options);
    this.#context = context;
    this.#chance ??= createChance(context.runtime);
    const endpoints = new Map(
      found.value.map((endpoint) => [experimental.endpointToString(endpoint), endpoint]),
    );
    this.#updating = true;
    for (const [name, { leaf }] of this.#peers) {
      if (endpoints.has(name)) continue;
      leaf.destroy();
      this.#peers.delete(name);
    }
    for (const [name, endpoint] of endpoints) {
      if (!this.#peers.has(name)) this.#add(name, endpoint, { context, options });
    }
    this.#updating = false;
    this.#report();
    return true;
  }

  exitIdle(): void {
    for (const { leaf } of this.#peers.values()) leaf.exitIdle();
  }

  resetBackoff(): void {
    // The leaves' connections keep their own pace.
  }

  destroy(): void {
    for (const { leaf } of this.#peers.values()) leaf.destroy();
    this.#peers.clear();
  }

  getTypeName(): string {
    return P2C_POLICY;
  }

  #add(
    name: string,
    endpoint: experimental.Endpoint,
    channel: { context: ChannelContext; options: Readonly<Record<string, unknown>> },
  ): void {
    const leaf = new experimental.LeafLoadBalancer(endpoint, this.#leafHelper, channel.options, "");
    this.#peers.set(name, { name, leaf, load: new PeerLoad(channel.context.runtime) });
    leaf.startConnecting();
  }

  #report(): void {
    if (this.#updating) return;
    const peers = [...this.#peers.values()];
    const inState = (state: connectivityState): Peer[] =>
      peers.filter(({ leaf }) => leaf.getConnectivityState() === state);
    // A connection that ended goes idle; every peer is to be ready before it is needed.
    for (const { leaf } of inState(connectivityState.IDLE)) leaf.exitIdle();
    const ready = inState(connectivityState.READY);
    if (ready.length > 0) {
      this.#helper.updateState(
        connectivityState.READY,
        new P2cPicker(ready, this.#chance ?? (() => 0)),
        null,
      );
    } else if (peers.length > 0 && inState(connectivityState.TRANSIENT_FAILURE).length === peers.length) {
      const details = `no connection established, last error: ${this.#lastError}`;
      const picker = new experimental.UnavailablePicker({ details });
      this.#helper.updateState(connectivityState.TRANSIENT_FAILURE, picker, details);
    } else {
      // Also where no peer is known: calls wait for one within their deadline, as go-zero's do.
      this.#helper.updateState(connectivityState.CONNECTING, new experimental.QueuePicker(this), null);
    }
    this.#context?.onConnected(ready);
  }
}

class P2cPicker implements experimental.Picker {
  readonly #peers: readonly Peer[];
  readonly #chance: () => number;

  constructor(peers: readonly Peer[], chance: () => number) {
    this.#peers = peers;
    this.#chance = chance;
  }

  pick(call: experimental.PickArgs): experimental.PickResult {
    const wanted = call.metadata.get(PEER_HEADER)[0];
    if (wanted !== undefined) return this.#pickNamed(wanted.toString(), call);
    const peer = choosePeer(this.#peers, this.#chance);
    if (peer === undefined) throw new Error("a picker was made for no peer");
    const picked = peer.leaf.getPicker().pick(call);
    if (picked.pickResultType !== experimental.PickResultType.COMPLETE) return picked;
    let end: ((succeeded: boolean) => void) | undefined;
    return {
      ...picked,
      onCallStarted: () => {
        picked.onCallStarted?.();
        end = peer.load.begin();
      },
      onCallEnded: (code, details, metadata) => {
        picked.onCallEnded?.(code, details, metadata);
        end?.(!isPeerFault(code, details));
      },
    };
  }

  /** What is for one peer carries calls that are counted one by one; it is no call itself. */
  #pickNamed(name: string, call: experimental.PickArgs): experimental.PickResult {
    const peer = this.#peers.find((each) => each.name === name);
    if (peer !== undefined) return peer.leaf.getPicker().pick(call);
    return new experimental.UnavailablePicker({ details: `no connection to ${name}` }).pick(call);
  }
}

experimental.registerLoadBalancerType(P2C_POLICY, P2cBalancer, P2cConfig);
