import type { Observer } from "@mall/kit/observe";
import type { Runtime } from "@mall/kit/runtime";
import { formatTraceparent, newTraceContext, readTraceHeaders, type TraceContext } from "@mall/kit/trace";
import type { FastifyReply, FastifyRequest } from "fastify";

declare module "fastify" {
  interface FastifyRequest {
    /** Where the request stands in its trace; undefined for pages that are not observed. */
    trace: TraceContext | undefined;
  }
}

/** What the log says of a client that went away before its answer; nginx's number, and go-zero's. */
const CLIENT_GONE = 499;

/**
 * Gives a request its place in a trace, and an observer its news. The answer carries `traceparent` where somebody
 * observes or the client sent one: elsewhere its header would be most of what tracing costs.
 */
export function beginRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  { observer, runtime }: { readonly observer: Observer; readonly runtime: Runtime },
  route: string | undefined,
): void {
  const parent = parentOf(request);
  if (observer.http === undefined) {
    request.trace = newTraceContext(runtime, parent);
    if (parent !== undefined) reply.header("traceparent", formatTraceparent(request.trace));
    return;
  }
  const [path = ""] = request.url.split("?");
  const observation = observer.http({
    method: request.method,
    path,
    route,
    peer: peerOf(request),
    userAgent: request.headers["user-agent"] ?? "",
    parent,
  });
  request.trace = observation.trace;
  if (request.trace !== undefined) reply.header("traceparent", formatTraceparent(request.trace));
  const response = reply.raw;
  response.once("close", () =>
    observation.end(response.writableFinished ? response.statusCode : CLIENT_GONE),
  );
}

function parentOf({ headers }: FastifyRequest): TraceContext | undefined {
  const { traceparent } = headers;
  if (typeof traceparent !== "string") return undefined;
  return readTraceHeaders({
    traceparent,
    tracestate: oneOf(headers.tracestate),
    baggage: oneOf(headers.baggage),
  });
}

function oneOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(",") : header;
}

/** The client's address, or what the proxy in front says it is; for logs only, as anybody can write the header. */
function peerOf({ headers, socket }: FastifyRequest): string {
  return oneOf(headers["x-forwarded-for"]) ?? `${socket.remoteAddress ?? ""}:${socket.remotePort ?? ""}`;
}
