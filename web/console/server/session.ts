import { PageSession, type Session as PageSessionFacts, sessionFetchOf } from "../../shared/page-session.ts";
import { activity } from "./activity.ts";

/** Who is signed in, and what the console is told of its mall. */
export interface Session extends PageSessionFacts {
  /** What prices are in, ISO 4217. */
  readonly currency: string;
  /** Where a trace is looked at, with `{traceId}` in its place; empty: nowhere. */
  readonly traceUrl: string;
}

/** As fetch, in the name of whoever is signed in. */
export const sessionFetch = sessionFetchOf(activity);

const session = new PageSession<Session>("/api/console/session", sessionFetch);

/** Who is signed in; null for nobody. */
export const askSession = (): Promise<Session | null> => session.ask();

/** @throws AppError the server's refusal. */
export const signIn: PageSession<Session>["signIn"] = (credentials) => session.signIn(credentials);

/** @throws AppError the server's refusal. */
export const signOut = (): Promise<void> => session.signOut();
