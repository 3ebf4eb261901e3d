import type { ServerResponse } from "node:http";
import { staffActor } from "@mall/kit/auth";
import { type Attachments, Call, CallTimeout, type Identity } from "@mall/kit/call";
import { toAppError } from "@mall/kit/errors";
import type { Observer } from "@mall/kit/observe";
import { type Breakers, Guard, type Shedder } from "@mall/kit/resilience";
import type { Runtime } from "@mall/kit/runtime";
import { runInTrace } from "@mall/kit/trace";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { BrowserSessions } from "./browser-session.ts";
import type { ClientAddress } from "./client-address.ts";
import { judgeAnswer } from "./error-answer.ts";
import { sendEvents } from "./event-stream.ts";
import { HttpError } from "./http-error.ts";
import { readIdempotencyKey } from "./idempotency-key.ts";
import { limitOf } from "./limits.ts";
import { checkMediaType, isFormType, isGzip } from "./media-type.ts";
import { beginRequest } from "./observe-request.ts";
import { demandOneHost } from "./one-host.ts";
import { flatHeaders, rawRequestOf, sendRaw } from "./raw-route.ts";
import { gunzipBody, readJsonBody } from "./request-body.ts";
import { queryOf, readForm, readInputs } from "./request-inputs.ts";
import { describeViolations, inDeclarationOrder } from "./request-schema.ts";
import type { MiddlewareRequest, RawAnswer, Route } from "./route.ts";
import type { TokenVerifier } from "./token.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Who calls; set where the route wants a token. */
    identity: Identity | undefined;
    /** What goes along with the rpc calls of the route's logic. */
    attachments: Attachments | undefined;
    /** Why the request cannot be read; reported only once its middlewares let it through. */
    unreadable: Error | undefined;
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
  /** What a request without an `Authorization` header may have instead; nothing by default. */
  readonly sessions: BrowserSessions | undefined;
  readonly clientAddress: ClientAddress;
  /** The calls whose answers are streams of events that go on. */
  readonly streams: Set<Call>;
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
      { parseAs: "buffer", bodyLimit: bound.bodyBytesMax },
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
      attachValidation: bound.hasMiddlewares,
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
  readonly #takesForms: boolean;
  readonly bodyBytesMax: number;
  readonly hasMiddlewares: boolean;
  #running = 0;

  constructor(route: Route, host: RouteHost) {
    this.#route = route;
    this.#host = host;
    this.#takesForms = route.inputs?.some(({ from }) => from === "form") ?? false;
    this.bodyBytesMax = route.bodyBytesMax === undefined ? host.bodyBytesMax : limitOf(route.bodyBytesMax);
    this.hasMiddlewares = (route.middlewares?.length ?? 0) > 0;
    this.#takesKey = !(route.repeatable ?? SAFE_METHODS.has(route.method));
    const breaker = host.breakers?.create("http", `${route.method}://${route.path}`);
    this.#timeout = new CallTimeout(host.runtime, route.timeoutMs ?? host.timeoutMs);
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
      if (Number(headers["content-length"] ?? 0) > this.bodyBytesMax) throw new HttpError("BODY_TOO_LARGE");
      if (this.#route.auth) request.identity = this.#identify(request, reply);
      if (this.#takesKey) {
        const idempotency = readIdempotencyKey(request, this.#host.clientAddress);
        if (idempotency !== undefined) request.attachments = { idempotency };
      }
      if (this.#readsBody) checkMediaType(headers, { gzip: this.#host.acceptsGzip, forms: this.#takesForms });
    } catch (error) {
      next(error as Error);
      return;
    }
    next();
  }

  #identify({ headers }: FastifyRequest, reply: FastifyReply): Identity | undefined {
    const { sessions, verifyToken } = this.#host;
    const used = headers.authorization === undefined ? sessions?.identify(headers) : undefined;
    if (used === undefined) return verifyToken?.(headers.authorization);
    if (used.setCookie !== undefined) reply.header("set-cookie", used.setCookie);
    return used.identity;
  }

  readBody(request: FastifyRequest, next: Next): void {
    if (this.#route.request === undefined) {
      next();
      return;
    }
    const done = (error?: Error): void => {
      // A middleware answers first, as in go-zero.
      if (error !== undefined && this.hasMiddlewares) request.unreadable = error;
      next(this.hasMiddlewares ? undefined : error);
    };
    const bytes = this.#readsBody ? ((request.body ?? Buffer.alloc(0)) as Buffer) : Buffer.alloc(0);
    const isZipped = bytes.length > 0 && isGzip(request.headers["content-encoding"]);
    const isForm = this.#takesForms && bytes.length > 0 && isFormType(request.headers["content-type"]);
    if (isZipped || isForm) {
      this.#readLater(request, { bytes, isZipped, isForm }).then(() => done(), done);
      return;
    }
    try {
      request.body = this.#valueOf(request, bytes, new URLSearchParams());
    } catch (error) {
      done(error as Error);
      return;
    }
    done();
  }

  async #readLater(
    request: FastifyRequest,
    body: { readonly bytes: Buffer; readonly isZipped: boolean; readonly isForm: boolean },
  ): Promise<void> {
    const bytes = body.isZipped ? await gunzipBody(body.bytes, this.bodyBytesMax) : body.bytes;
    const form = body.isForm
      ? await readForm(bytes, request.headers["content-type"] ?? "")
      : new URLSearchParams();
    request.body = this.#valueOf(request, body.isForm ? Buffer.alloc(0) : bytes, form);
  }

  /** What the request brings, before its schema has looked at it. */
  #valueOf(request: FastifyRequest, bytes: Buffer, form: URLSearchParams): unknown {
    const { request: schema = {}, inputs } = this.#route;
    const body = readJsonBody(bytes, schema);
    return inputs === undefined ? body : readInputs(request, { inputs, schema, body, form });
  }

  get #readsBody(): boolean {
    return this.#route.request !== undefined && (this.#route.bodiless !== true || this.#takesForms);
  }

  async answer(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    this.#checkLoad();
    this.#running += 1;
    const beganAt = this.#guard.begin();
    let answer: unknown;
    try {
      const { observer } = this.#host;
      const call = callOf(request, reply.raw, this.#host.clientAddress(request.raw));
      if (this.#route.events) this.#keepStream(call, reply.raw);
      answer = await (observer.http === undefined
        ? this.#handle(call, request)
        : runInTrace(call.trace, () => this.#handle(call, request)));
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
    if (this.#route.events) return sendEvents(reply, answer as AsyncIterable<unknown>);
    if (this.#route.raw) return sendRaw(reply, answer as RawAnswer);
    if (this.#route.response === undefined) return reply.send();
    if (answer === undefined || answer === null) throw new Error(`${this.#route.handler} answered nothing`);
    return answer;
  }

  #handle(call: Call, request: FastifyRequest): Promise<unknown> {
    const work = (child: Call): Promise<unknown> =>
      this.hasMiddlewares ? this.#throughMiddlewares(child, request) : this.#logic(child, request);
    // A stream goes on when its logic has answered, and still has to hear of its end.
    return this.#route.events ? work(call) : this.#timeout.run(call, work);
  }

  /** Ends the call of a stream when the server leaves, which would else wait for it. */
  #keepStream(call: Call, response: ServerResponse): void {
    const { streams, leaving } = this.#host;
    if (leaving) call.cancel();
    streams.add(call);
    response.once("close", () => streams.delete(call));
  }

  #throughMiddlewares(call: Call, request: FastifyRequest): Promise<unknown> {
    const [path = ""] = request.url.split("?");
    const seen: MiddlewareRequest = {
      method: request.method,
      path,
      query: queryOf(request.url),
      headers: flatHeaders(request.headers),
      params: request.params as Record<string, string>,
    };
    const last = async (child: Call): Promise<unknown> => {
      const refused = request.unreadable ?? request.validationError;
      if (refused !== undefined) throw refused;
      return this.#logic(child, request);
    };
    const chain = (this.#route.middlewares ?? []).reduceRight<(child: Call) => Promise<unknown>>(
      (next, middleware) => (child) => middleware(child, seen, next),
      last,
    );
    return chain(call);
  }

  #logic(call: Call, request: FastifyRequest): Promise<unknown> {
    const asked = this.#route.raw ? rawRequestOf(request) : request.body;
    return this.#route.handle(call, asked as never);
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
