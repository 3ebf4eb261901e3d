import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { backgroundCall } from "@mall/kit/context";
import { goText } from "./go-text.ts";

/** A running process of a mall. */
export interface Running {
  stop(): Promise<void>;
}

/**
 * An api as go-zero-mall has it: maps fields, checks nothing, and answers every error with 400 and its text (go-zero
 * 1.3.2). Whose token it is only `userinfo` asks.
 */
export async function startGoApi(client: object, port: number): Promise<Running> {
  const server = createServer((request, response) => {
    answer(client, request).then(
      (body) => response.setHeader("Content-Type", "application/json").end(JSON.stringify(body)),
      (error: unknown) => {
        response.statusCode = 400;
        response.end(`${goText(error)}\n`);
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(client: object, request: IncomingMessage): Promise<unknown> {
  const route = request.url?.split("/").at(-1) ?? "";
  // A route is named as its method, in lower case.
  const name = route === "userinfo" ? "userInfo" : route;
  const method: unknown = Reflect.get(client, name);
  if (typeof method !== "function") throw new Error(`no route ${route}`);
  const body: object = JSON.parse((await text(request)) || "{}");
  const own = route === "userinfo" ? { id: uidOf(request) } : {};
  const found: unknown = await method.call(client, backgroundCall(), { ...body, ...own });
  return route === "list" ? Reflect.get(Object(found), "data") : found;
}

function uidOf(request: IncomingMessage): number {
  const [, claims = ""] = request.headers.authorization?.split(".") ?? [];
  return Number(JSON.parse(Buffer.from(claims, "base64url").toString()).uid);
}
