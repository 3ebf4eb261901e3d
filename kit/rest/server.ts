import type { Server } from "node:http";
import type { Socket } from "node:net";
import { AppError } from "@mall/kit/errors";
import type { Logger } from "@mall/kit/log";
import { noopObserver, type Observer } from "@mall/kit/observe";
import type { Breakers, Shedder } from "@mall/kit/resilience";
import type { Runtime, Timer } from "@mall/kit/runtime";
import { type FastifyHttpOptions, type FastifyInstance, fastify } from "fastify";
import { type AcceptQueues, assertUnshared, HAS_QUEUES, openQueues } from "./accept-queues.ts";
import { bindRoute, type RouteHost } from "./bind-route.ts";
import type { BrowserSessions } from "./browser-session.ts";
import { cleanPath } from "./clean-path.ts";
import { createClientAddress } from "./client-address.ts";
import { answerClientError } from "./client-error.ts";
import { allowOrigins } from "./cors.ts";
import { bindDocs, type Docs } from "./docs.ts";
import { sendError } from "./error-answer.ts";
import { HttpError } from "./http-error.ts";
import { limitOf } from "./limits.ts";
import { beginRequest } from "./observe-request.ts";
import { bindPages, type Pages } from "./pages.ts";
import { ajvOptions } from "./request-schema.ts";
import type { Route } from "./route.ts";
import { RouteTable } from "./route-table.ts";
import { type RestTls, readCertificate } from "./tls.ts";
import { createTokenVerifier, type IsRevoked } from "./token.ts";

const RECEIVE_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 72_000;
const CONNECTIONS_MAX = 20_000;
/** How long a stopping server waits for the first byte of a connection that has said nothing yet. */
const SILENT_MS = 500;

/** Where a server listens, what it serves and its limits. */
export interface RestServerOptions {
  readonly runtime: Runtime;
  readonly log: Logger;
  /** Of the routes and of what matches none, not of the documents; nobody by default. */
  readonly observer?: Observer;
  /** Puts a breaker in front of every route; none by default. */
  readonly breakers?: Breakers | undefined;
  /** Refuses requests to the routes while the process is overloaded; none by default. */
  readonly shedder?: Shedder | undefined;
  /** Addresses and networks of proxies, whose `X-Forwarded-For` says who the client is; nobody's by default. */
  readonly trustedProxies?: readonly string[];
  /** Origins whose pages may call from a browser; none by default. */
  readonly corsOrigins?: readonly string[];
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** The key of the configuration at hand that names the port, for errors; `Port` by default. */
  readonly portKey?: string;
  readonly routes: readonly Route[];
  /** The secret of the tokens, at least 8 bytes; needed where a route has `auth`. */
  readonly accessSecret?: string | undefined;
  /** Which tokens are refused though their time is not over; none by default. */
  readonly isRevoked?: IsRevoked | undefined;
  /** Who signed in by a browser, for requests without a token; nobody by default. */
  readonly sessions?: BrowserSessions | undefined;
  /** PEM files; with them the port speaks HTTPS only. */
  readonly tls?: RestTls | undefined;
  /** How long the logic of one request may take; 0 for no limit. go-zero's default is 3000. */
  readonly timeoutMs: number;
  /** Of a request's body, inflated; 0 for no limit. go-zero's default is 1 MiB. */
  readonly bodyBytesMax: number;
  /** Requests at once in the logic of one route, more answer 503; 0 for no limit. go-zero's default is 10000. */
  readonly concurrentMax: number;
  /** Whether a body may be sent as gzip; true by default. */
  readonly acceptsGzip?: boolean;
  /** How long a client may take to send one request; 10 s by default. */
  readonly receiveTimeoutMs?: number;
  /** Open connections, more are closed at once; 20000 by default. */
  readonly connectionsMax?: number;
  /** Serves `/docs`, `/openapi.json`, `/healthz` and `/livez` beside the routes. */
  readonly docs?: Docs | undefined;
  /** Files for browsers; none by default. */
  readonly pages?: Pages | undefined;
}

/** One HTTP port with its routes. */
export interface RestServer {
  /**
   * Listens; returns `http://host:port`, or `https://host:port`.
   *
   * @throws AppError FAILED_PRECONDITION (PORT_TAKEN, PORT_FORBIDDEN, CANNOT_LISTEN) naming what to do
   */
  start(): Promise<string>;
  /**
   * Goes on serving, and from now on asks whoever is answered to come back by another connection. Ends the calls of
   * streams, which end with them.
   */
  leave(): void;
  /** Takes no more connections, lets requests in flight finish for at most `graceMs`, then cuts them. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Serves routes over HTTP/1.1 as go-zero's `rest` does, with JSON errors.
 *
 * @throws Error when the options cannot work together, e.g. a route wants a token and no secret is given.
 * @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE for TLS files that cannot be used.
 */
export function createRestServer(options: RestServerOptions): RestServer {
  const { runtime, timeoutMs, observer = noopObserver, acceptsGzip = true } = options;
  const host: RouteHost = {
    runtime,
    observer,
    breakers: options.breakers,
    shedder: options.shedder,
    timeoutMs,
    bodyBytesMax: limitOf(options.bodyBytesMax),
    concurrentMax: limitOf(options.concurrentMax),
    acceptsGzip,
    verifyToken: verifierFor(options),
    sessions: options.sessions,
    clientAddress: createClientAddress(options.trustedProxies ?? []),
    streams: new Set(),
    leaving: false,
  };
  const leave = (): void => {
    host.leaving = true;
    for (const call of host.streams) call.cancel();
  };
  const app = createApp(options);
  const connections = trackConnections(app, options.connectionsMax ?? CONNECTIONS_MAX);
  let queues: AcceptQueues | undefined;
  allowOrigins(app, options.corsOrigins ?? []);
  const table = new RouteTable();
  app.addHook("onRoute", ({ method, url }) => {
    for (const each of [method].flat()) table.add(each, url);
  });
  bindNotFound(app, table, host);
  for (const route of options.routes) bindRoute(app, route, host);
  if (options.docs !== undefined) bindDocs(app, options.docs);
  if (options.pages !== undefined) bindPages(app, options.pages, runtime);
  return {
    start: async () => {
      const port = await listen(app, options);
      const { host: at, tls } = options;
      if (hasQueues(options)) queues = await openQueues(app.server, { host: at, port });
      return `${tls === undefined ? "http" : "https"}://${at.includes(":") ? `[${at}]` : at}:${port}`;
    },
    leave,
    stop: (graceMs) => {
      leave();
      return close(app, { runtime, graceMs, connections, queues });
    },
  };
}

function verifierFor(options: RestServerOptions): RouteHost["verifyToken"] {
  const { accessSecret, runtime, routes, isRevoked } = options;
  if (accessSecret !== undefined) return createTokenVerifier({ secret: accessSecret, runtime, isRevoked });
  const wanting = routes.find((route) => route.auth);
  if (wanting === undefined) return undefined;
  throw new Error(`${wanting.path} wants a token, so AccessSecret must be set`);
}

function createApp(options: RestServerOptions): FastifyInstance {
  const { log, receiveTimeoutMs = RECEIVE_TIMEOUT_MS } = options;
  const app = newApp(
    options.tls,
    {
      headersTimeout: receiveTimeoutMs,
      connectionsCheckingInterval: Math.min(1000, receiveTimeoutMs),
    },
    {
      logger: false,
      ajv: ajvOptions,
      bodyLimit: limitOf(options.bodyBytesMax),
      requestTimeout: receiveTimeoutMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
      // While stopping, a request that still arrives on an open connection is served like any other.
      return503OnClosing: false,
      forceCloseConnections: "idle",
      routerOptions: { caseSensitive: true },
      exposeHeadRoutes: false,
      rewriteUrl: (request) => cleanPath(request.url ?? "/"),
      frameworkErrors: (error, _request, reply) => sendError(reply, error, log),
      clientErrorHandler: answerClientError,
    },
  );
  app.decorateRequest("identity", undefined);
  app.decorateRequest("attachments", undefined);
  app.decorateRequest("trace", undefined);
  app.decorateRequest("unreadable", undefined);
  // A question may come with a body too, where its route reads one.
  for (const method of bodyMethods(options.routes))
    app.addHttpMethod(method, { hasBody: true, overrideExisting: true });
  app.setErrorHandler((error, _request, reply) => sendError(reply, error, log));
  return app;
}

/** GET and HEAD, if a route of theirs takes anything. */
function bodyMethods(routes: readonly Route[]): string[] {
  const taking = routes.filter(({ request }) => request !== undefined).map(({ method }) => method);
  return ["GET", "HEAD"].filter((method) => taking.some((each) => each === method));
}

function newApp(
  tls: RestTls | undefined,
  http: { readonly headersTimeout: number; readonly connectionsCheckingInterval: number },
  options: FastifyHttpOptions<Server>,
): FastifyInstance {
  if (tls === undefined) return fastify({ ...options, http });
  const https = { ...http, ...readCertificate(tls), handshakeTimeout: http.headersTimeout };
  // The typings tie the callbacks to the kind of socket, which none of them looks at.
  const secured: object = { ...options, https };
  return fastify(secured as FastifyHttpOptions<Server>);
}

/**
 * An unknown path is 404, a known path with another method 405. Answered before Fastify looks at the body, which
 * it would refuse by itself: a QUERY without a type, or a type that is none.
 */
function bindNotFound(app: FastifyInstance, table: RouteTable, host: RouteHost): void {
  app.removeAllContentTypeParsers();
  app.addHook("onRequest", (request, reply, next) => {
    if (!request.is404) {
      next();
      return;
    }
    beginRequest(request, reply, host, undefined);
    const [path = ""] = request.url.split("?");
    const methods = table.methodsOf(path);
    if (methods.length > 0) reply.header("allow", methods.join(", "));
    next(new HttpError(methods.length > 0 ? "METHOD_NOT_ALLOWED" : "ROUTE_NOT_FOUND"));
  });
}

/** A connection with TLS costs far more than the turn that it waits for. */
function hasQueues({ tls }: RestServerOptions): boolean {
  return HAS_QUEUES && tls === undefined;
}

/** Resolves with the port. */
async function listen(app: FastifyInstance, options: RestServerOptions): Promise<number> {
  const { host, port } = options;
  const place = { host, port, reusePort: hasQueues(options) };
  try {
    if (place.reusePort) await assertUnshared(place);
    await app.listen(place);
  } catch (error) {
    throw listenError(error, options);
  }
  const address = app.server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

function listenError(cause: unknown, { host, port, portKey = "Port" }: RestServerOptions): unknown {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "EADDRINUSE") {
    const message = `port ${port} on ${host} is taken: stop the process that listens there or set another ${portKey}`;
    return new AppError("FAILED_PRECONDITION", "PORT_TAKEN", message, { cause });
  }
  if (code === "EACCES") {
    const message = `port ${port} on ${host} may not be used by this user: set a ${portKey} of 1024 or more`;
    return new AppError("FAILED_PRECONDITION", "PORT_FORBIDDEN", message, { cause });
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND" || code === "EAI_AGAIN") {
    const message = `cannot listen on ${host}: Host must name an address of this machine`;
    return new AppError("FAILED_PRECONDITION", "CANNOT_LISTEN", message, { cause });
  }
  return cause;
}

/** The open connections, of which there are never more than `most`. Node does not know which never sent a byte. */
function trackConnections(app: FastifyInstance, most: number): ReadonlySet<Socket> {
  const connections = new Set<Socket>();
  app.server.on("connection", (socket: Socket) => {
    if (connections.size >= most) {
      socket.destroy();
      return;
    }
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  return connections;
}

interface CloseOptions {
  readonly runtime: Runtime;
  readonly graceMs: number;
  readonly connections: ReadonlySet<Socket>;
  readonly queues: AcceptQueues | undefined;
}

async function close(app: FastifyInstance, options: CloseOptions): Promise<void> {
  const { runtime, graceMs, connections, queues } = options;
  const force: Timer = runtime.setTimer(() => app.server.closeAllConnections(), graceMs);
  // A browser's or balancer's spare connection holds no request, and Node would wait for one until `force`.
  const silent: Timer = runtime.setTimer(() => {
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
  }, SILENT_MS);
  try {
    await Promise.all([queues?.close(), app.close()]);
  } finally {
    force.clear();
    silent.clear();
  }
}
