import { createServer, type Server } from "node:http";
import { AppError } from "@mall/kit/errors";

/** A page for operators. */
export interface OpsAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** The pages of a server, by path. */
export type OpsPages = Readonly<Record<string, () => OpsAnswer | Promise<OpsAnswer>>>;

export interface OpsServerOptions {
  /** Configuration block that asks for it, for errors: `DevServer`. */
  readonly block: string;
  /** Empty for every address. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly pages: OpsPages;
}

/** An HTTP server for operators that is listening. */
export interface OpsServer {
  /** `http://host:port` */
  readonly url: string;
  stop(): Promise<void>;
}

const TEXT = "text/plain; charset=utf-8";
const ALL_ADDRESSES = "0.0.0.0";
/** Pages are asked for by few. */
const CONNECTIONS_MAX = 100;
const RECEIVE_TIMEOUT_MS = 10_000;

/** A page of plain text. */
export function textAnswer(status: number, body: string): OpsAnswer {
  return { status, contentType: TEXT, body };
}

/**
 * Serves pages on a port of their own, so that they answer however busy the others are, and to operators only.
 *
 * @throws AppError FAILED_PRECONDITION (PORT_TAKEN, CANNOT_LISTEN) with one line that names the block.
 */
export async function startOpsServer(options: OpsServerOptions): Promise<OpsServer> {
  const server = createServer({ requestTimeout: RECEIVE_TIMEOUT_MS }, (request, response) => {
    const [path = ""] = (request.url ?? "/").split("?");
    answer(options.pages, request.method ?? "GET", path).then(
      ({ status, contentType, body }) => {
        response.writeHead(status, { "content-type": contentType, "x-content-type-options": "nosniff" });
        response.end(body);
      },
      () => response.destroy(),
    );
  });
  server.maxConnections = CONNECTIONS_MAX;
  const host = options.host === "" ? ALL_ADDRESSES : options.host;
  const port = await listen(server, host, options);
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(pages: OpsPages, method: string, path: string): Promise<OpsAnswer> {
  if (method !== "GET" && method !== "HEAD") return textAnswer(405, "Method Not Allowed\n");
  const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
  if (page === undefined) return textAnswer(404, "404 page not found\n");
  try {
    return await page();
  } catch {
    return textAnswer(500, "Internal Server Error\n");
  }
}

function listen(server: Server, host: string, { block, port }: OpsServerOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => reject(listenError(block, `${host}:${port}`, cause)));
    server.listen({ host, port }, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function listenError(block: string, address: string, cause: Error): AppError {
  if ("code" in cause && cause.code === "EADDRINUSE") {
    const text = `${block}: ${address} is taken: stop the process that listens there or set another ${block}.Port`;
    return new AppError("FAILED_PRECONDITION", "PORT_TAKEN", text, { cause });
  }
  const text = `${block}: cannot listen on ${address}: check ${block}.Host and ${block}.Port`;
  return new AppError("FAILED_PRECONDITION", "CANNOT_LISTEN", text, { cause });
}
