import type { IncomingMessage } from "node:http";
import { BlockList, isIP, isIPv4, isIPv6, type Socket } from "node:net";

/**
 * Says which address a request comes from, without port, brackets or zone; empty where its connection was gone before
 * anybody asked.
 */
export type ClientAddress = (request: IncomingMessage) => string;

const MAPPED_IPV4 = "::ffff:";

/**
 * Reads who the client is: whoever opened the connection, or where that is a trusted proxy, the last of
 * `X-Forwarded-For` that is none. Each proxy adds at the end whom it was asked by, so that what stands before was written
 * by somebody who is not trusted. Where a proxy wrote what is no address, that proxy counts as the client.
 *
 * @param trustedProxies addresses, and networks as `address/bits`
 */
export function createClientAddress(trustedProxies: readonly string[]): ClientAddress {
  if (trustedProxies.length === 0) return ownAddress;
  const trusted = listOf(trustedProxies);
  const isTrusted = (address: string): boolean => trusted.check(address, isIPv6(address) ? "ipv6" : "ipv4");
  return (request) => {
    let known = ownAddress(request);
    if (known === "" || !isTrusted(known)) return known;
    for (const entry of forwardedFor(request).toReversed()) {
      const address = readAddress(entry);
      if (address === undefined) return known;
      known = address;
      if (!isTrusted(known)) return known;
    }
    return known;
  };
}

/** Of each connection, which many requests come over. */
const ownAddresses = new WeakMap<Socket, string>();

function ownAddress({ socket }: IncomingMessage): string {
  const known = ownAddresses.get(socket);
  // A request that has ended has no address any more; the one seen before counts.
  if (known !== undefined) return known;
  const address = readAddress(socket.remoteAddress ?? "") ?? "";
  if (address !== "") ownAddresses.set(socket, address);
  return address;
}

function forwardedFor({ headers }: IncomingMessage): string[] {
  const header = headers["x-forwarded-for"] ?? [];
  return [header].flat().join(",").split(",");
}

/** An address as proxies write it: bare, in quotes, IPv6 in brackets, either with a port. */
function readAddress(text: string): string | undefined {
  const bare = text.trim().replace(/^"(.*)"$/, "$1");
  const match = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(bare) ?? /^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/.exec(bare);
  const [address = ""] = (match?.[1] ?? bare).toLowerCase().split("%");
  if (isIP(address) === 0) return undefined;
  const mapped = address.startsWith(MAPPED_IPV4) ? address.slice(MAPPED_IPV4.length) : "";
  return isIPv4(mapped) ? mapped : address;
}

function listOf(trustedProxies: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of trustedProxies) {
    const [address = "", bits] = text.split("/");
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}
