import type { Placement, SignedIn } from "@mall/kit/process";
import { openPageSessions } from "../pages/page-sessions.ts";
import type { AllInOneConfig } from "./config.ts";
import { currencyOf, hasOwnShop } from "./own-shop.ts";
import { NEIGHBOUR } from "./part-config.ts";

/** Of those who sign in at the console or the shop. */
export function openOwnSessions(
  config: AllInOneConfig,
  accessSecret: string,
  placement: Placement,
): SignedIn {
  return openPageSessions({
    placement,
    userRpc: NEIGHBOUR,
    accessSecret,
    accessExpire: config.Auth.AccessExpire,
    console: config.Console,
    hasShop: hasOwnShop(config),
    currency: currencyOf(config),
  });
}
