import { connect, type Socket } from "node:net";
import type { TestContext } from "node:test";
import { silentLogger } from "@mall/kit/log";
import { systemRuntime } from "@mall/kit/runtime";
import type { Route } from "./route.ts";
import { createRestServer, type RestServer, type RestServerOptions } from "./server.ts";
import { signToken } from "./token.ts";

export const SECRET = "uOvKLmVfztaXGpNYd4Z0I1SiT7MweJhl";

const uint = { type: "integer", minimum: 0, maximum: 4294967295 };

/** `POST /echo` without a token: answers what the logic was given. */
export const echoRoute: Route = {
  method: "POST",
  path: "/echo",
  handler: "Echo",
  auth: false,
  request: {
    type: "object",
    required: ["uid", "name"],
    properties: {
      uid: uint,
      name: { type: "string" },
      amount: uint,
      level: { ...uint, default: 7 },
      ratio: { type: "number" },
      kind: { type: "string", enum: ["a", "b"] },
      lines: { type: "array", items: { type: "object", required: ["id"], properties: { id: uint } } },
    },
  },
  response: { type: "object", additionalProperties: true },
  handle: async (_call, request) => request,
};

/** `POST /me` with a token and without a request: answers the caller's uid. */
export const meRoute: Route = {
  method: "POST",
  path: "/me",
  handler: "Me",
  auth: true,
  response: { type: "object", required: ["uid"], properties: { uid: { type: "integer" } } },
  handle: async (call) => ({ uid: call.identity?.uid }),
};

/** Starts a server on a free port that stops with the test. */
export async function serve(
  t: TestContext,
  options: Partial<RestServerOptions> = {},
): Promise<{ url: string; server: RestServer }> {
  const server = createRestServer({
    runtime: systemRuntime,
    log: silentLogger,
    host: "127.0.0.1",
    port: 0,
    routes: [echoRoute, meRoute],
    accessSecret: SECRET,
    timeoutMs: 3000,
    bodyBytesMax: 1024 * 1024,
    concurrentMax: 100,
    ...options,
  });
  const url = await server.start();
  t.after(() => server.stop(0));
  return { url, server };
}

export function tokenOf(uid: number): string {
  return signToken({ secret: SECRET, uid, role: 0, now: Math.floor(Date.now() / 1000), expireSeconds: 60 });
}

/** Posts to a route, as JSON unless the headers say otherwise. */
export async function post(
  url: string,
  body: BodyInit | undefined,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Headers; body: Record<string, unknown> }> {
  const init = { method: "POST", headers: { "content-type": "application/json", ...headers } };
  const response = await fetch(url, body === undefined ? init : { ...init, body });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? {} : JSON.parse(text) };
}

export function openSocket(url: string): Socket {
  const { hostname, port } = new URL(url);
  return connect(Number(port), hostname);
}

/** Writes bytes as they are and returns all that comes back until the server closes the connection. */
export function exchangeRaw(url: string, bytes: string | Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    const socket = openSocket(url);
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(answer));
    socket.write(bytes);
  });
}
