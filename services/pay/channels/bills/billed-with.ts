import type { Channel } from "../channel.ts";

/** The accounts that are in the same bills as one of them, itself among them. */
export function accountsBilledWith(
  channels: ReadonlyMap<string, Channel>,
  { name, bills }: Pick<Channel, "name" | "bills">,
): ReadonlySet<string> {
  const others = [...channels.values()].filter((other) => other.bills?.merchant === bills?.merchant);
  return new Set([name, ...others.map((other) => other.name)]);
}
