import { type NetworkInterfaceInfo, networkInterfaces } from "node:os";
import { formatAddress, parseAddress } from "@mall/kit/rpc";

/**
 * The address under which others reach a server that listens on `listenOn`. Where it listens on every
 * interface, the host is `POD_IP`, else the first IPv4 address of an interface that is no loopback, as in
 * go-zero (figureOutListenOn); any other address is published as it is.
 */
export function publishedAddress(listenOn: string): string {
  const { host, port } = parseAddress("ListenOn", listenOn);
  if (host !== "" && host !== "0.0.0.0" && host !== "::") return listenOn;
  const reachable = process.env.POD_IP || firstAddress();
  return reachable === undefined ? listenOn : formatAddress({ host: reachable, port });
}

function firstAddress(): string | undefined {
  return Object.values(networkInterfaces())
    .flatMap((addresses): NetworkInterfaceInfo[] => addresses ?? [])
    .find(({ family, internal }) => family === "IPv4" && !internal)?.address;
}
