import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { AppError } from "@mall/kit/errors";
import type { Logger } from "@mall/kit/log";
import { jsonAnswer, type SimAnswer, type SimRequest } from "./sim-http.ts";

/** More than any request of a channel takes. */
const BODY_BYTES_MAX = 1_048_576;

/** The simulator's port. */
export interface SimServer {
  /** `http://host:port`, of loopback where it listens on all addresses. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves over Node's own server: signatures are over the bytes of the path, and one official SDK reads headers only in
 * the case in which the channel writes them; the kit's server cleans the one and changes the other.
 *
 * @throws AppError FAILED_PRECONDITION where the port cannot be had
 */
export async function serveHttp(options: {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** What sets the port, for the message that it is taken. */
  readonly portKey: string;
  readonly log: Logger;
  readonly answer: (request: SimRequest) => Promise<SimAnswer>;
}): Promise<SimServer> {
  const { log, answer } = options;
  const server = createServer((message, response) => {
    exchange(message, response, answer).catch((error: unknown) => {
      log.error({ error }, "the simulator cannot answer");
      if (!response.headersSent) send(response, jsonAnswer(500, { message: "the simulator has an error" }));
      else response.destroy();
    });
  });
  await listen(server, options);
  const host = reachable(options.host);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A server on all addresses is reached at one of them. */
function reachable(host: string): string {
  if (host === "" || host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "::1" : host;
}

function listen(
  server: Server,
  { host, port, portKey }: { readonly host: string; readonly port: number; readonly portKey: string },
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const why = cause.code === "EADDRINUSE" ? `is taken: set another ${portKey}` : "cannot be listened on";
      reject(new AppError("FAILED_PRECONDITION", "PORT_TAKEN", `port ${port} on ${host} ${why}`, { cause }));
    });
    server.listen(port, host, resolve);
  });
}

async function exchange(
  message: IncomingMessage,
  response: ServerResponse,
  answer: (request: SimRequest) => Promise<SimAnswer>,
): Promise<void> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of message) {
    length += chunk.length;
    if (length > BODY_BYTES_MAX) return send(response, jsonAnswer(413, { message: "the body is too long" }));
    chunks.push(chunk);
  }
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
  const { method = "GET", url = "/" } = message;
  send(response, await answer({ method, url, headers, body: Buffer.concat(chunks) }));
}

function send(response: ServerResponse, { status, headers, body, cut }: SimAnswer): void {
  if (cut === "before") {
    response.destroy();
    return;
  }
  const length = status === 204 ? {} : { "Content-Length": String(body.length) };
  response.writeHead(status, { ...headers, ...length });
  if (cut === "half") {
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
    return;
  }
  response.end(body);
}
