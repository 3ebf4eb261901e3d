import { activeTrace, type TraceContext } from "@mall/kit/trace";
import type { Context, Tracer as OtelTracer, Span, SpanKind, SpanOptions } from "@opentelemetry/api";
import type { HttpRequestInfo, RpcCallInfo, RpcOutcome } from "./observer.ts";

type Api = typeof import("@opentelemetry/api");

/** The largest status that is no failure of the server, as go-zero draws the line. */
const STATUS_MAX_FINE = 499;
const GRPC_OK = 0;

/** A span that has begun. */
export interface StartedSpan<Outcome> {
  readonly trace: TraceContext;
  end(outcome: Outcome): void;
}

/** Begins spans with go-zero's names and attributes. A span's parent is given, or taken from where the work runs. */
export class Tracer {
  readonly #api: Api;
  readonly #tracer: OtelTracer;

  constructor(api: Api, tracer: OtelTracer) {
    this.#api = api;
    this.#tracer = tracer;
  }

  /** Named by the route's pattern; the path of a request goes without its query. */
  http(request: HttpRequestInfo): StartedSpan<number> {
    const { method, path, route, peer, userAgent, parent } = request;
    const attributes = {
      "http.method": method,
      "http.target": path,
      "http.route": route ?? path,
      "http.user_agent": userAgent,
      "http.scheme": "http",
      "net.transport": "ip_tcp",
      ...peerAttributes(peer),
    };
    const kind = this.#api.SpanKind.SERVER;
    return this.#start(route ?? path, { kind, attributes, parent, remote: true }, (span, status: number) => {
      span.setAttribute("http.status_code", status);
      if (status > STATUS_MAX_FINE) span.setStatus({ code: this.#api.SpanStatusCode.ERROR });
    });
  }

  rpcServer(call: RpcCallInfo): StartedSpan<RpcOutcome> {
    const { SERVER, INTERNAL } = this.#api.SpanKind;
    return this.#rpc(call, call.peer === undefined ? INTERNAL : SERVER, ["RECEIVED", "SENT"]);
  }

  rpcClient(call: RpcCallInfo): StartedSpan<RpcOutcome> {
    return this.#rpc(call, this.#api.SpanKind.CLIENT, ["SENT", "RECEIVED"]);
  }

  sql(command: string): StartedSpan<unknown> {
    return this.#store("sql", { "sql.method": command });
  }

  redis(command: string): StartedSpan<unknown> {
    return this.#store("redis", { "redis.cmds": [command] });
  }

  #rpc(call: RpcCallInfo, kind: SpanKind, events: readonly [string, string]): StartedSpan<RpcOutcome> {
    const name = call.method.slice(1);
    const [service = "", method = ""] = name.split("/");
    const attributes = {
      "rpc.system": "grpc",
      "rpc.service": service,
      "rpc.method": method,
      ...peerAttributes(call.peer),
    };
    const remote = kind === this.#api.SpanKind.SERVER;
    const started = this.#start(name, { kind, attributes, parent: call.parent, remote }, endRpc);
    addMessage(started.span, events[0], call.requestBytes);
    const { ERROR } = this.#api.SpanStatusCode;
    return started;

    function endRpc(span: Span, outcome: RpcOutcome): void {
      if (outcome.code === GRPC_OK) addMessage(span, events[1], outcome.responseBytes);
      else span.setStatus({ code: ERROR });
      span.setAttribute("rpc.grpc.status_code", outcome.code);
    }
  }

  #store(name: string, attributes: SpanOptions["attributes"] & object): StartedSpan<unknown> {
    const { CLIENT } = this.#api.SpanKind;
    const options = { kind: CLIENT, attributes, parent: activeTrace(), remote: false };
    return this.#start(name, options, (span, error: unknown) => {
      if (error !== undefined) span.setStatus({ code: this.#api.SpanStatusCode.ERROR });
    });
  }

  #start<Outcome>(
    name: string,
    options: SpanOptions & { parent: TraceContext | undefined; remote: boolean },
    finish: (span: Span, outcome: Outcome) => void,
  ): StartedSpan<Outcome> & { readonly span: Span } {
    const { parent, remote, ...spanOptions } = options;
    const span = this.#tracer.startSpan(name, spanOptions, this.#contextOf(parent, remote));
    const { traceId, spanId, traceFlags } = span.spanContext();
    return {
      span,
      trace: {
        traceId,
        spanId,
        sampled: (traceFlags & this.#api.TraceFlags.SAMPLED) !== 0,
        traceState: parent?.traceState,
        baggage: parent?.baggage,
      },
      end: (outcome) => {
        finish(span, outcome);
        span.end();
      },
    };
  }

  #contextOf(parent: TraceContext | undefined, remote: boolean): Context {
    const { ROOT_CONTEXT, TraceFlags, createTraceState, trace } = this.#api;
    if (parent === undefined) return ROOT_CONTEXT;
    const { traceId, spanId, sampled, traceState } = parent;
    return trace.setSpanContext(ROOT_CONTEXT, {
      traceId,
      spanId,
      traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
      isRemote: remote,
      ...(traceState === undefined ? {} : { traceState: createTraceState(traceState) }),
    });
  }
}

function addMessage(span: Span, type: string, bytes: number | undefined): void {
  if (bytes === undefined) return;
  span.addEvent("message", { "message.type": type, "message.id": 1, "message.uncompressed_size": bytes });
}

function peerAttributes(peer: string | undefined): Record<string, string> {
  if (peer === undefined) return {};
  const colon = peer.lastIndexOf(":");
  if (colon < 0) return { "net.peer.ip": peer };
  return { "net.peer.ip": peer.slice(0, colon), "net.peer.port": peer.slice(colon + 1) };
}
