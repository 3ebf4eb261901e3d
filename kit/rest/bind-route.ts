import type { ServerResponse } from "node:http";
import { staffActor } from "@mall/kit/auth";
import { type Attachments, Call, CallTimeout, type Identity } from "@mall/kit/call";
import { toAppError } from "@mall/kit/errors";
import type { Observer } from "@mall/kit/observe";
import { type Breakers, Guard, type Shedder } from "@mall/kit/resilience";
import type { Runtime } from "@mall/kit/runtime";
import { runInTrace } from "@mall/kit/trace";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ClientAddress } from "./client-address.ts";
import { judgeAnswer } from "./error-answer.ts";
import { HttpError } from "./http-error.ts";
import { readIdempotencyKey } from "./idempotency-key.ts";
import { checkMediaType, isGzip } from "./media-type.ts";
import { beginRequest } from "./observe-request.ts";
import { demandOneHost } from "./one-host.ts";
import { rawRequestOf, sendRaw } from "./raw-route.ts";
import { gunzipBody, readJsonBody } from "./request-body.ts";
import { describeViolations, inDeclarationOrder } from "./request-schema.ts";
import type { JsonSchema, RawAnswer, Route } from "./route.ts";
import type { TokenVerifier } from "./token.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Who calls; set where the route wants a token. */
    identity: Identity | undefined;
    /** What goes along with the rpc calls of the route's logic. */
    attachments: Attachments | undefined;
  }
}

/** What every route of a server shares. */
export interface RouteHost {
  readonly runtime: Runtime;
  readonly observer: Observer;
  readonly breakers: Breakers | undefined;
  readonly shedder: Shedder | undefined;
  readonly timeoutMs: number;
  readonly bodyBytesMax: number;
  readonly concurrentMax: number;
  readonly acceptsGzip: boolean;
  readonly verifyToken: TokenVerifier | undefined;
  readonly clientAddress: ClientAddress;
  /** True from the moment the server is about to stop. */
  leaving: boolean;
}

/**
 * Registers one route in a scope of its own, because how a body is read differs per route. The order of
 * checks is go-zero's: load, size, token, then the body.
 */
export function bindRoute(app: FastifyInstance, route: Route, host: RouteHost): void {
  app.register((scope, _options, done) => {
    const bound = new BoundRoute(route, host);
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      "*",
      { parseAs: "buffer", bodyLimit: host.bodyBytesMax },
      (_request, body, parsed) => {
        parsed(null, body);
      },
    );
    scope.route({
      method: route.method,
      url: route.path,
      // A page is asked for its head as well; an operation is not, as in go-zero.
      exposeHeadRoute: route.raw === true && route.method === "GET",
      schema: {
        ...(route.request === undefined ? {} : { body: inDeclarationOrder(route.request) }),
        ...(route.response === undefined ? {} : { response: { 200: route.response } }),
      },
      schemaErrorFormatter: describeViolations,
      onRequest: (request, reply, next) => bound.admit(request, reply, next),
      preValidation: (request, _reply, next) => bound.readBody(request, next),
      handler: (request, reply) => bound.answer(request, reply),
    });
    done();
  });
}

/** Methods that change nothing, by HTTP's own rule. */
const SAFE_METHODS: ReadonlySet<Route["method"]> = new Set(["GET", "HEAD", "OPTIONS"]);

type Next = (error?: Error) => void;

class BoundRoute {
  readonly #route: Route;
  readonly #host: RouteHost;
  readonly #guard: Guard;
  readonly #takesKey: boolean;
  readonly #timeout: CallTimeout;
  #running = 0;

  constructor(route: Route, host: RouteHost) {
    this.#route = route;
    this.#host = host;
    this.#takesKey = !(route.repeatable ?? SAFE_METHODS.has(route.method));
    const breaker = host.breakers?.create("http", `${route.method}://${route.path}`);
    this.#timeout = new CallTimeout(host.runtime, host.timeoutMs);
    this.#guard = new Guard({ breaker, shedder: host.shedder, judge: judgeAnswer });
  }

  /** What can be refused before the body is read. */
  admit(request: FastifyRequest, reply: FastifyReply, next: Next): void {
    reply.header("x-content-type-options", "nosniff");
    beginRequest(request, reply, this.#host, this.#route.path);
    try {
      demandOneHost(request.raw.rawHeaders);
      this.#checkLoad();
      this.#guard.admit();
      const { headers } = request;
      if (Number(headers["content-length"] ?? 0) > this.#host.bodyBytesMax)
        throw new HttpError("BODY_TOO_LARGE");
      if (this.#route.auth) request.identity = this.#host.verifyToken?.(headers.authorization);
      if (this.#takesKey) {
        const idempotency = readIdempotencyKey(request, this.#host.clientAddress);
        if (idempotency !== undefined) request.attachments = { idempotency };
      }
      if (this.#route.request !== undefined) checkMediaType(headers, this.#host.acceptsGzip);
    } catch (error) {
      next(error as Error);
      return;
    }
    next();
  }

  readBody(request: FastifyRequest, next: Next): void {
    const { request: schema } = this.#route;
    if (schema === undefined) {
      next();
      return;
    }
    const bytes = (request.body ?? Buffer.alloc(0)) as Buffer;
    if (isGzip(request.headers["content-encoding"])) {
      gunzipBody(bytes, this.#host.bodyBytesMax).then(
        (inflated) => takeBody(request, inflated, schema, next),
        next,
      );
    } else {
      takeBody(request, bytes, schema, next);
    }
  }

  async answer(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    this.#checkLoad();
    this.#running += 1;
    const beganAt = this.#guard.begin();
    let answer: unknown;
    try {
      const { observer } = this.#host;
      const call = callOf(request, reply.raw, this.#host.clientAddress(request.raw));
      const asked = this.#route.raw ? rawRequestOf(request) : request.body;
      answer = await (observer.http === undefined
        ? this.#handle(call, asked)
        : runInTrace(call.trace, () => this.#handle(call, asked)));
      this.#guard.end(beganAt);
    } catch (thrown) {
      // Whatever a library's error carries (a statusCode, say), it is not this request's outcome.
      const error = toAppError(thrown);
      this.#guard.end(beganAt, error);
      throw error;
    } finally {
      this.#running -= 1;
      // A connection kept alive would hold the stop until its time is over.
      if (this.#host.leaving) reply.header("connection", "close");
    }
    if (this.#route.raw) return sendRaw(reply, answer as RawAnswer);
    if (this.#route.response === undefined) return reply.send();
    if (answer === undefined || answer === null) throw new Error(`${this.#route.handler} answered nothing`);
    return answer;
  }

  #handle(call: Call, asked: unknown): Promise<unknown> {
    return this.#timeout.run(call, (child) => this.#route.handle(child, asked as never));
  }

  #checkLoad(): void {
    if (this.#running >= this.#host.concurrentMax) throw new HttpError("OVERLOADED");
  }
}

/** A call that ends when the client goes away before its answer. */
function callOf(request: FastifyRequest, response: ServerResponse, clientAddress: string): Call {
  const { identity, trace } = request;
  const actor = staffActor(identity, clientAddress);
  const attachments = actor === undefined ? request.attachments : { ...request.attachments, actor };
  const call = new Call({ identity, trace, attachments, clientAddress });
  response.on("close", () => {
    if (!response.writableFinished) call.cancel();
  });
  return call;
}

function takeBody(request: FastifyRequest, bytes: Buffer, schema: JsonSchema, next: Next): void {
  try {
    request.body = readJsonBody(bytes, schema);
  } catch (error) {
    next(error as Error);
    return;
  }
  next();
}
