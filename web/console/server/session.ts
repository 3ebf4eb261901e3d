import { PageSession, type Session, sessionFetchOf } from "../../shared/page-session.ts";
import { activity } from "./activity.ts";

export type { Session } from "../../shared/page-session.ts";

/** As fetch, in the name of whoever is signed in. */
export const sessionFetch = sessionFetchOf(activity);

const session = new PageSession("/api/console/session", sessionFetch);

/** Who is signed in; null for nobody. */
export const askSession = (): Promise<Session | null> => session.ask();

/** @throws AppError the server's refusal. */
export const signIn: PageSession["signIn"] = (credentials) => session.signIn(credentials);

/** @throws AppError the server's refusal. */
export const signOut = (): Promise<void> => session.signOut();
