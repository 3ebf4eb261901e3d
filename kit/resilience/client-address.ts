import { isIPv6 } from "node:net";

const MAPPED_IPV4 = "::ffff:";
/** Whoever has one IPv6 address has the whole network of the first 64 bits. */
const NETWORK_GROUPS = 4;

/** What the attempts of a client are counted under: its IPv4 address, or the /64 network of its IPv6 address. */
export function clientKey(address: string): string {
  const lower = address.toLowerCase();
  if (lower.startsWith(MAPPED_IPV4) && lower.includes(".")) return lower.slice(MAPPED_IPV4.length);
  if (!isIPv6(lower)) return lower;
  const [head = "", tail] = (lower.split("%")[0] ?? "").split("::");
  const groups = head === "" ? [] : head.split(":");
  const written = groups.length + (tail === undefined || tail === "" ? 0 : tail.split(":").length);
  const missing = tail === undefined ? 0 : 8 - written;
  const full = [...groups, ...Array.from({ length: missing }, () => "0"), ...(tail ? tail.split(":") : [])];
  return `${full
    .slice(0, NETWORK_GROUPS)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":")}::/64`;
}
