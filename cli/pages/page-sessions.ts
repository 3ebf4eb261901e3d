import type { RpcClientConfig } from "@mall/kit/config";
import { EndedSessions, type Placement, type SignedIn } from "@mall/kit/process";
import { createBrowserSessions } from "@mall/kit/rest";
import { sessionEnds } from "@mall/user/rpc/ended-sessions";
import { type SessionPlace, sessionRoutes } from "./session-routes.ts";

interface Options {
  readonly placement: Placement;
  /** How the user rpc is reached, which knows who signed out elsewhere. */
  readonly userRpc: RpcClientConfig;
  /** What logins are signed with, and for how long, seconds. */
  readonly accessSecret: string;
  readonly accessExpire: number;
  /** A session that nobody makes use of lasts so long, milliseconds. */
  readonly idleMs: number;
  readonly places: readonly SessionPlace[];
}

/** The sessions of those who sign in at some places. */
export function openPageSessions(options: Options): SignedIn {
  const { placement, userRpc, accessSecret, accessExpire, idleMs, places } = options;
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
