import { ROLE } from "@mall/kit/auth";
import { AppError } from "@mall/kit/errors";
import type { SessionPlace } from "./session-routes.ts";

/** What the console's page is told of its mall. */
export interface ConsoleFacts {
  /** What prices are in, ISO 4217. */
  readonly currency: string;
  /** Where a trace is looked at, with `{traceId}` in its place; empty: nowhere. */
  readonly traceUrl: string;
}

/** The console, which only staff and admins get into. */
export function consolePlace(facts: ConsoleFacts): SessionPlace {
  return {
    path: "/api/console/session",
    name: "ConsoleSession",
    facts,
    refusal: ({ role }) => {
      if (role === ROLE.staff || role === ROLE.admin) return undefined;
      // Told plainly: a customer's password was right, and yet there is nothing here for them.
      return new AppError("PERMISSION_DENIED", "STAFF_ONLY", "the console is for staff and admins only");
    },
  };
}

/** The shop, which is everybody's. `currency`: what its prices are in, ISO 4217. */
export function shopPlace(currency: string): SessionPlace {
  return {
    path: "/api/shop/session",
    name: "ShopSession",
    facts: { currency },
    refusal: () => undefined,
  };
}
