import type { RpcClientConfig } from "@mall/kit/config";
import { EndedSessions, type Placement, type SignedIn } from "@mall/kit/process";
import { createBrowserSessions } from "@mall/kit/rest";
import { sessionEnds } from "@mall/user/rpc/ended-sessions";
import type { ConsoleConfig } from "./console-config.ts";
import { consolePlace, shopPlace } from "./session-places.ts";
import { sessionRoutes } from "./session-routes.ts";

interface Options {
  readonly placement: Placement;
  /** How the user rpc is reached, which knows who signed out elsewhere. */
  readonly userRpc: RpcClientConfig;
  /** What logins are signed with, and for how long, seconds. */
  readonly accessSecret: string;
  readonly accessExpire: number;
  readonly console: ConsoleConfig;
  /** Whether people sign in at the shop too. */
  readonly hasShop: boolean;
  /** What prices are in, ISO 4217. */
  readonly currency: string;
}

/** The sessions of those who sign in at the console or the shop. */
export function openPageSessions(options: Options): SignedIn {
  const { placement, userRpc, accessSecret, accessExpire, hasShop, currency } = options;
  const { IdleTime: idleMs, TraceUrl: traceUrl } = options.console;
  const places = [consolePlace({ currency, traceUrl }), ...(hasShop ? [shopPlace(currency)] : [])];
  const { runtime, revocations } = placement;
  const ended = new EndedSessions(placement, sessionEnds(userRpc, placement));
  ended.follow();
  const { isRevoked } = revocations;
  const sessions = createBrowserSessions({ secret: accessSecret, runtime, idleMs, ended, isRevoked });
  return {
    sessions,
    routes: (routes) => {
      const common = { sessions, routes, accessSecret, runtime, accessExpire };
      return places.flatMap((place) => sessionRoutes(place, common));
    },
    known: (waitMs) => ended.known(waitMs),
    stop: () => ended.stop(),
  };
}
