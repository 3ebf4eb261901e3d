import { invalidArgument } from "@mall/kit/errors";
import { formatAddress, parseAddress } from "./address.ts";

/** Where the instances of a service are, as far as is known now. */
export interface EndpointSource {
  /** What is looked up, as go-zero writes it: `direct:///a:1,b:2`, `etcd:///h:2379?key=user.rpc`. */
  readonly target: string;
  /** The name that peers are called by: the `:authority` of calls, and what a TLS certificate must name. */
  readonly authority: string;
  /** `host:port` of each instance, each once; undefined until the first answer is there. */
  current(): readonly string[] | undefined;
  /** Calls `listener` after each change; returns how to stop listening. */
  onChange(listener: () => void): () => void;
  /** Stops looking. */
  close(): Promise<void>;
}

/** The state of a source: the list and who listens to it. */
export class EndpointList {
  readonly #listeners = new Set<() => void>();
  #current: readonly string[] | undefined;

  current(): readonly string[] | undefined {
    return this.#current;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes a new list, in any order and with repetitions, and tells about it if it differs. */
  set(endpoints: Iterable<string>): void {
    const next = [...new Set(endpoints)].sort();
    if (this.#current !== undefined && next.join() === this.#current.join()) return;
    this.#current = next;
    for (const listener of this.#listeners) listener();
  }
}

/**
 * A fixed list of `host:port`. Names are looked up at every connection attempt, so that a peer that moved
 * is found again.
 *
 * @throws AppError INVALID_ARGUMENT for no endpoint, or one that is not `host:port`.
 */
export function staticEndpoints(endpoints: readonly string[]): EndpointSource {
  if (endpoints.length === 0) throw invalidArgument("Endpoints", "must name at least one host:port");
  const addresses = endpoints.map((text) => formatAddress(parseAddress("Endpoints", text)));
  const list = new EndpointList();
  list.set(addresses);
  return {
    target: `direct:///${addresses.join(",")}`,
    authority: addresses[0] ?? "",
    current: () => list.current(),
    onChange: () => () => {},
    close: async () => {},
  };
}
