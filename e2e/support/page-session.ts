import { PASSWORD } from "./people.ts";

/** Of a gateway's own page, at which a person is at work. */
const OWN = { "x-mall-session": "active", "sec-fetch-site": "same-origin" };

/** What a browser has that signed in at the console. */
export interface KeptSession {
  readonly cookie: string;
}

/** Signs somebody in at the console of a gateway, as its page does. */
export async function signInAt(url: string, mobile: string): Promise<KeptSession> {
  const answer = await fetch(`${url}/api/console/session`, {
    method: "POST",
    headers: { ...OWN, "content-type": "application/json" },
    body: JSON.stringify({ mobile, password: PASSWORD }),
  });
  if (!answer.ok) throw new Error(`nobody is let in: ${answer.status} ${await answer.text()}`);
  return { cookie: answer.headers.get("set-cookie")?.split(";")[0] ?? "" };
}

export async function signOutAt(url: string, session: KeptSession): Promise<void> {
  const answer = await fetch(`${url}/api/console/session`, {
    method: "DELETE",
    headers: { ...OWN, ...session },
  });
  if (!answer.ok) throw new Error(`not signed out: ${answer.status} ${await answer.text()}`);
}

/** Asks an operation in the name of who is signed in: status and body. */
export async function askAt(
  url: string,
  session: KeptSession,
  { path, body = {} }: { readonly path: string; readonly body?: object },
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const answer = await fetch(`${url}${path}`, {
    method: "POST",
    headers: { ...OWN, ...session, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: Object(await answer.json()) };
}
