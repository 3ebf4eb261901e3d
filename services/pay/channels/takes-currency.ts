import type { Channel } from "./channel.ts";

/** Whether a channel takes money in a currency, ISO 4217; one that names none takes several. */
export function takesCurrency({ currency }: Pick<Channel, "currency">, asked: string): boolean {
  return currency === undefined || currency === asked;
}

/** Whether new payments can be paid nowhere: there are channels, and none of them takes their currency. */
export function isTakenNowhere(channels: Iterable<Pick<Channel, "currency">>, currency: string): boolean {
  const all = [...channels];
  return all.length > 0 && !all.some((channel) => takesCurrency(channel, currency));
}
