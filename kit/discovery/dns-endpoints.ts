import { lookup } from "node:dns/promises";
import { pause } from "@mall/kit/async";
import type { Logger } from "@mall/kit/log";
import { EndpointList, type EndpointSource, formatAddress, parseAddress } from "@mall/kit/rpc";
import type { Runtime } from "@mall/kit/runtime";
import { RETRY_MS } from "./retry-pause.ts";

/** How long an answer of DNS is used, milliseconds: instances behind a headless service come and go. */
const REFRESH_MS = 10_000;

/** Every address that a resolver finds for a host name. */
type Lookup = (host: string) => Promise<readonly string[]>;

export interface DnsEndpointsOptions {
  /** `host:port`; the host is looked up. */
  readonly endpoint: string;
  readonly runtime: Runtime;
  readonly log: Logger;
  readonly lookup?: Lookup;
}

/**
 * All addresses of a host name, looked up again every 10 s, so that instances of a headless service join
 * and leave. The last known ones stay while DNS does not answer.
 *
 * @throws AppError INVALID_ARGUMENT for what is not `host:port`.
 */
export function dnsEndpoints({ endpoint, runtime, log, ...options }: DnsEndpointsOptions): EndpointSource {
  const { host, port } = parseAddress("Target", endpoint);
  const find = options.lookup ?? systemLookup;
  const list = new EndpointList();
  const stopped = new AbortController();
  const refresh = async (): Promise<number> => {
    try {
      const addresses = await find(host);
      if (!stopped.signal.aborted)
        list.set(addresses.map((address) => formatAddress({ host: address, port })));
      return REFRESH_MS;
    } catch (error) {
      log.warn({ address: endpoint, error }, "cannot resolve the name; retrying");
      return list.current() === undefined ? RETRY_MS : REFRESH_MS;
    }
  };
  const following = (async () => {
    while (!stopped.signal.aborted) await pause(runtime, await refresh(), stopped.signal);
  })();
  return {
    target: `dns:///${endpoint}`,
    authority: endpoint,
    current: () => list.current(),
    onChange: (listener) => list.onChange(listener),
    close: async () => {
      stopped.abort();
      await following;
    },
  };
}

async function systemLookup(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true });
  return found.map(({ address }) => address);
}
