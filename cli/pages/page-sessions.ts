import type { RpcClientConfig } from "@mall/kit/config";
import { EndedSessions, type Placement } from "@mall/kit/process";
import { type BrowserSessions, createBrowserSessions, type Route } from "@mall/kit/rest";
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

/** Of those who sign in at the pages of a process. */
export interface PageSessions {
  readonly sessions: BrowserSessions;
  /** Their routes, beside those of the process, among which is the login. */
  routes(routes: readonly Route[]): Route[];
  /** Resolves once it is known who signed out elsewhere, or after `waitMs`. */
  known(waitMs: number): Promise<void>;
  stop(): void;
}

export function openPageSessions(options: Options): PageSessions {
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
