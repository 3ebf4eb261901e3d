import { invalidArgument } from "@mall/kit/errors";

/** A TCP address; `host` is a name or an IP address without brackets, empty where the text left it out. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

const ADDRESS = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s/]*)):(\d{1,5})$/;
const PORT_MAX = 65_535;

/**
 * Splits `host:port`, `[::1]:port` or `:port`.
 *
 * @throws AppError INVALID_ARGUMENT naming `field`, the configuration key that holds the text.
 */
export function parseAddress(field: string, text: string): Address {
  const match = ADDRESS.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > PORT_MAX) {
    throw invalidArgument(field, `must be host:port with a port up to ${PORT_MAX}, not "${text}"`);
  }
  return { host: match[1] ?? match[2] ?? "", port };
}

/** The text of an address, with brackets around IPv6. */
export function formatAddress(address: Address): string {
  return `${address.host.includes(":") ? `[${address.host}]` : address.host}:${address.port}`;
}
