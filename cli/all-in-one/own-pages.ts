import type { Observability } from "@mall/kit/observe";
import { isTried } from "@mall/kit/process";
import type { Pages } from "@mall/kit/rest";
import { readBuiltFiles } from "../pages/built-files.ts";
import { createPages } from "../pages/create-pages.ts";
import { metricsUrlOf } from "../pages/metrics-url.ts";
import type { AllInOneConfig } from "./config.ts";
import type { OwnGateway } from "./own-gateway.ts";
import { hasOwnSandbox } from "./own-sandbox.ts";
import { hasOwnShop } from "./own-shop.ts";
import type { OwnSimulator } from "./own-simulator.ts";

/** What the gateway serves to people; undefined where it is to serve no pages, or they are not built. */
export function readPages(
  config: AllInOneConfig,
  shown: Pick<Observability, "addresses"> & { readonly simulator: OwnSimulator },
  gateway: OwnGateway,
): Pages | undefined {
  const built = config.Pages ? readBuiltFiles() : undefined;
  if (built === undefined) return undefined;
  const hasShop = hasOwnShop(config);
  return createPages(built, hasShop, () => ({
    url: gateway.address ?? "",
    mode: config.Mode,
    isTried: isTried(config.Mode),
    hasShop,
    hasSandbox: hasOwnSandbox(config),
    simulatorUrl: shown.simulator.pagesUrl,
    metricsUrl: metricsUrlOf(config, shown.addresses),
  }));
}
