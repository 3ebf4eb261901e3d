import { isEverywhere, reachedHere } from "@mall/kit/http";
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

/**
 * Where buyers reach the gateway's pages; undefined where nobody knows. One that listens on all addresses is reached on
 * its own machine as long as it is tried; in earnest only its owner knows how buyers come.
 */
export function pagesUrlOf(mode: AllInOneConfig["Mode"], address: string | undefined): string | undefined {
  if (address === undefined || (isEverywhere(address) && !isTried(mode))) return undefined;
  return reachedHere(address);
}

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
    url: reachedHere(gateway.address ?? ""),
    mode: config.Mode,
    isTried: isTried(config.Mode),
    hasShop,
    hasSandbox: hasOwnSandbox(config),
    simulatorUrl: shown.simulator.pagesUrl,
    metricsUrl: metricsUrlOf(config, shown.addresses),
  }));
}
