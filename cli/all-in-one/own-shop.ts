import { isTried } from "@mall/kit/process";
import { type AllInOneConfig, blockIn } from "./config.ts";

/** Whether the gateway serves the shop to try: outside of `pro`, unless the configuration says. */
export function hasOwnShop({ Mode, Pages, Shop }: AllInOneConfig): boolean {
  return Pages && (Shop.Enabled ?? isTried(Mode));
}

/** What prices are in, ISO 4217: new payments' currency. */
export function currencyOf(config: AllInOneConfig): string {
  const block: object & { readonly Currency?: string } = blockIn(config, "Pay");
  return block.Currency ?? "CNY";
}
