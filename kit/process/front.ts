import type { BrowserSessions, Pages, Route } from "@mall/kit/rest";
import type { Placement } from "./placement.ts";
import type { Address } from "./running-process.ts";

/** Those who sign in at the pages of a process. */
export interface SignedIn {
  readonly sessions: BrowserSessions;
  /** Their routes, beside those of the process, among which is the login. */
  routes(routes: readonly Route[]): Route[];
  /** Resolves once it is known who signed out elsewhere, or after `waitMs`. */
  known(waitMs: number): Promise<void>;
  stop(): void;
}

/** What an api serves beside its operations. */
export interface Front {
  readonly pages: Pages;
  /** Absent where nobody signs in. */
  readonly signedIn?: SignedIn;
  /** All operations as OpenAPI; with it there are `/docs`, `/openapi.json`, `/healthz` and `/livez`. */
  readonly openApi?: object;
}

/** What a front stands on. */
export interface FrontPlace {
  readonly placement: Placement;
  /** Where its process listens, once it does. */
  address(): string | undefined;
  /** Of the process's servers for operators. */
  readonly addresses: readonly Address[];
}
