import { AppError } from "@mall/kit/errors";
import { activity } from "./activity.ts";

const PATH = "/api/console/session";
const HEADER = "x-mall-session";

/** Who is signed in. */
export interface Session {
  readonly uid: number;
  /** 1 staff, 2 admin. */
  readonly role: number;
  /** After so many quiet milliseconds it ends. */
  readonly idleMs: number;
}

/** As fetch, in the name of whoever is signed in: their cookie counts only with this header. */
export const sessionFetch: typeof fetch = (input, init = {}) =>
  fetch(input, {
    ...init,
    credentials: "same-origin",
    headers: { ...Object(init.headers), [HEADER]: activity() },
  });

/** Who is signed in; null for nobody. */
export async function askSession(): Promise<Session | null> {
  return sessionOf<Session | null>(await ask("GET"));
}

/** @throws AppError the server's refusal. */
export async function signIn(credentials: {
  readonly mobile: string;
  readonly password: string;
}): Promise<Session> {
  return sessionOf(await ask("POST", credentials));
}

/** @throws AppError the server's refusal. */
export async function signOut(): Promise<void> {
  await ask("DELETE");
}

async function ask(method: string, body?: object): Promise<Response> {
  const sent = body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  return sessionFetch(PATH, { method, ...sent }).catch((cause: unknown) => {
    throw new AppError("UNAVAILABLE", "NO_ANSWER", "no answer", { cause });
  });
}

async function sessionOf<T = Session>(answer: Response): Promise<T> {
  const body = await answer.json().catch(() => ({}));
  if (answer.ok) return body;
  const { msg = `HTTP status ${answer.status}`, reason = `HTTP_${answer.status}` } = Object(body);
  throw new AppError(answer.status === 401 ? "UNAUTHENTICATED" : "UNKNOWN", reason, msg);
}
