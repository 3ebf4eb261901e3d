import { type FrontPlace, isTried, type ServedApi, type SignedIn } from "@mall/kit/process";
import { revokedSource } from "@mall/user/rpc/revoked";
import { demandBuiltFiles } from "../pages/built-files.ts";
import { createPages } from "../pages/create-pages.ts";
import { metricsUrlOf } from "../pages/metrics-url.ts";
import { openPageSessions } from "../pages/page-sessions.ts";
import { blockName, findServices } from "../services.ts";
import { type GatewayConfig, gatewayConfig } from "./gateway-config.ts";
import { gatewayOpenApi } from "./open-api.ts";

/** What `mall serve` calls it, and its configuration's Name begins with. */
export const GATEWAY = "gateway";

/**
 * The process in front of a split mall that people look at: the routes of all apis on one port, whose rpcs it calls
 * over the network, with the home page, the cashier, the console and the shop.
 */
export async function gatewayProcess(): Promise<ServedApi<GatewayConfig>> {
  const services = await findServices();
  const apis = await Promise.all(services.flatMap(({ api }) => api?.() ?? []));
  const neighbours = services.flatMap(({ name, rpc }) =>
    rpc === undefined ? [] : [`${blockName(name)}Rpc`],
  );
  return {
    name: GATEWAY,
    config: gatewayConfig(apis, neighbours),
    openApi: {
      tag: GATEWAY,
      paths: Object.assign({}, ...apis.map(({ openApi }) => openApi.paths)),
      schemas: {},
    },
    exposures: (config, host) => apis.flatMap((api) => api.exposures?.(config, host) ?? []),
    build: async (config, placement) => {
      const routes = await Promise.all(apis.map((api) => api.build(config, placement)));
      return routes.flat();
    },
    front: (config, place) => ({
      pages: pagesOf(config, place),
      signedIn: sessionsOf(config, place),
      openApi: gatewayOpenApi(apis.map(({ openApi }) => openApi)),
    }),
    revoked: ({ UserRpc }, placement) => revokedSource(UserRpc, placement),
  };
}

function hasShop({ Mode, Shop }: GatewayConfig): boolean {
  return Shop.Enabled ?? isTried(Mode);
}

function pagesOf(config: GatewayConfig, { address, addresses }: FrontPlace) {
  const built = demandBuiltFiles("the gateway's pages are not built: run node web/build.ts");
  return createPages(built, hasShop(config), () => ({
    url: address() ?? "",
    mode: config.Mode,
    isTried: isTried(config.Mode),
    hasShop: hasShop(config),
    // A bank and a simulator are processes of their own here, of which it does not know.
    hasSandbox: false,
    simulatorUrl: undefined,
    metricsUrl: metricsUrlOf(config, addresses),
  }));
}

function sessionsOf(config: GatewayConfig, { placement }: FrontPlace): SignedIn {
  const { Auth, Console, Currency, UserRpc } = config;
  return openPageSessions({
    placement,
    userRpc: UserRpc,
    accessSecret: Auth.AccessSecret,
    accessExpire: Auth.AccessExpire,
    console: Console,
    hasShop: hasShop(config),
    currency: Currency,
  });
}
