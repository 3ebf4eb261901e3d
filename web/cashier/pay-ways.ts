import type { CashierChannel } from "@mall/pay/api";
import type { Texts } from "./texts.ts";

type Product = "qr" | "page" | "wap" | "h5" | "checkout";

/** What is best on a device; what only the channel's own app or a shop's code can open is not here. */
const WISHES: Readonly<Record<"desk" | "phone", readonly Product[]>> = {
  desk: ["qr", "page", "checkout"],
  phone: ["h5", "wap", "checkout", "page", "qr"],
};

/** A way to pay that this device has. */
export interface PayWay {
  readonly channel: string;
  readonly product: Product;
  readonly label: string;
}

/** The shop's channels as this device can pay by them. */
export function payWays(
  channels: readonly CashierChannel[],
  device: "desk" | "phone",
  texts: Texts,
): PayWay[] {
  return channels.flatMap(({ name, source, products }) => {
    const product = WISHES[device].find((wish) => products.includes(wish));
    if (product === undefined) return [];
    const isOnly = channels.filter((other) => other.source === source).length === 1;
    const brand = texts.channels[source] ?? name;
    return [{ channel: name, product, label: isOnly ? brand : `${brand} · ${name}` }];
  });
}

/** A phone's finger, whatever the window's size. */
export function deviceOf(window: Pick<Window, "matchMedia">): "desk" | "phone" {
  return window.matchMedia("(hover: none) and (pointer: coarse)").matches ? "phone" : "desk";
}

/** Channels lead to pages and to their apps; anything else is not followed. */
export function isFollowed(url: string): boolean {
  return /^(https?|weixin|wxp|alipays?):/i.test(url);
}
