import { AppError } from "@mall/kit/errors";

const HEADER = "x-mall-session";

/** Who is signed in. */
export interface Session {
  readonly uid: number;
  /** 0 customer, 1 staff, 2 admin. */
  readonly role: number;
  /** After so many quiet milliseconds it ends. */
  readonly idleMs: number;
}

/** Whether a person is at work, or a page only watches, which keeps no session from its end. */
export type Activity = "active" | "watching";

/** As fetch, in the name of whoever is signed in: their cookie counts only with this header. */
export function sessionFetchOf(activity: () => Activity): typeof fetch {
  return (input, init = {}) =>
    fetch(input, {
      ...init,
      credentials: "same-origin",
      headers: { ...Object(init.headers), [HEADER]: activity() },
    });
}

/** The session of a page at its server, which alone can read the cookie. Throws AppError, the server's refusals. */
export class PageSession<Told extends Session = Session> {
  readonly #path: string;
  readonly #fetch: typeof fetch;

  constructor(path: string, send: typeof fetch) {
    this.#path = path;
    this.#fetch = send;
  }

  /** Who is signed in; null for nobody. */
  ask(): Promise<Told | null> {
    return this.#send("GET");
  }

  signIn(credentials: { readonly mobile: string; readonly password: string }): Promise<Told> {
    return this.#send("POST", credentials);
  }

  async signOut(): Promise<void> {
    await this.#send("DELETE");
  }

  async #send<T>(method: string, body?: object): Promise<T> {
    const sent = body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    const send = this.#fetch;
    const answer = await send(this.#path, { method, ...sent }).catch((cause: unknown) => {
      throw new AppError("UNAVAILABLE", "NO_ANSWER", "no answer", { cause });
    });
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) return told;
    const { msg = `HTTP status ${answer.status}`, reason = `HTTP_${answer.status}` } = Object(told);
    throw new AppError(answer.status === 401 ? "UNAUTHENTICATED" : "UNKNOWN", reason, msg);
  }
}
