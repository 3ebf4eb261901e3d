import { createServer, type IncomingMessage } from "node:http";
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import { defineMessage } from "@mall/kit/rpc";

/** A span as it was received; times are left out. */
export interface ReceivedSpan {
  /** `service.name` of the process that sent it. */
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for a span without parent. */
  readonly parentSpanId: string;
  /** 1 internal, 2 server, 3 client. */
  readonly kind: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Names of its events with their `message.type`, e.g. `message SENT`. */
  readonly events: readonly string[];
}

/** An OTLP receiver, like a collector, that keeps what it receives. */
export interface OtlpReceiver {
  /** `host:port` for OTLP over gRPC, and over HTTP. */
  readonly grpc: string;
  readonly http: string;
  readonly spans: readonly ReceivedSpan[];
  stop(): Promise<void>;
}

const EXPORT_PATH = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

/** Receives spans over OTLP, gRPC and HTTP, on free ports of loopback. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const grpc = new Server();
  grpc.addService(
    { Export: rawMethod() },
    {
      Export: ({ request }: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>) => {
        spans.push(...spansOf(ExportRequest.decode(request)));
        callback(null, Buffer.alloc(0));
      },
    },
  );
  const grpcPort = await new Promise<number>((resolve, reject) => {
    grpc.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    );
  });
  const http = createServer((request, response) => {
    readJson(request).then(
      (body) => {
        spans.push(...spansOf(body));
        response.setHeader("content-type", "application/json").end("{}");
      },
      () => response.writeHead(400).end(),
    );
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const address = http.address();
  const httpPort = typeof address === "object" && address !== null ? address.port : 0;
  return {
    grpc: `127.0.0.1:${grpcPort}`,
    http: `127.0.0.1:${httpPort}`,
    spans,
    stop: async () => {
      grpc.forceShutdown();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

function rawMethod() {
  const pass = (bytes: Buffer): Buffer => bytes;
  return {
    path: EXPORT_PATH,
    requestStream: false,
    responseStream: false,
    requestSerialize: pass,
    requestDeserialize: pass,
    responseSerialize: pass,
    responseDeserialize: pass,
  } as const;
}

async function readJson(request: IncomingMessage): Promise<WireExport> {
  if (request.url !== "/v1/traces") throw new Error(`posted to ${request.url}`);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

// The part of opentelemetry/proto/trace/v1/trace.proto that the tests look at. In JSON the ids are hexadecimal.
interface WireValue {
  stringValue?: string | undefined;
  intValue?: number | string | undefined;
}
interface WireAttribute {
  key: string;
  value?: WireValue | undefined;
}
interface WireSpan {
  traceId: Uint8Array | string;
  spanId: Uint8Array | string;
  parentSpanId?: Uint8Array | string;
  name: string;
  kind: number;
  attributes: WireAttribute[];
  events?: { name: string; attributes: WireAttribute[] }[];
}
interface WireExport {
  resourceSpans: {
    resource?: { attributes: WireAttribute[] } | undefined;
    scopeSpans: { spans: WireSpan[] }[];
  }[];
}

const Value = defineMessage<WireValue>("AnyValue", [
  { number: 1, property: "stringValue", type: "string", label: "optional" },
  { number: 3, property: "intValue", type: "int64", label: "optional" },
]);
const Attribute = defineMessage<WireAttribute>("KeyValue", [
  { number: 1, property: "key", type: "string" },
  { number: 2, property: "value", type: () => Value },
]);
const Event = defineMessage<{ name: string; attributes: WireAttribute[] }>("Event", [
  { number: 2, property: "name", type: "string" },
  { number: 3, property: "attributes", type: () => Attribute, label: "repeated" },
]);
const Span = defineMessage<WireSpan>("Span", [
  { number: 1, property: "traceId", type: "bytes" },
  { number: 2, property: "spanId", type: "bytes" },
  { number: 4, property: "parentSpanId", type: "bytes" },
  { number: 5, property: "name", type: "string" },
  { number: 6, property: "kind", type: "int32" },
  { number: 9, property: "attributes", type: () => Attribute, label: "repeated" },
  { number: 11, property: "events", type: () => Event, label: "repeated" },
]);
const ScopeSpans = defineMessage<{ spans: WireSpan[] }>("ScopeSpans", [
  { number: 2, property: "spans", type: () => Span, label: "repeated" },
]);
const Resource = defineMessage<{ attributes: WireAttribute[] }>("Resource", [
  { number: 1, property: "attributes", type: () => Attribute, label: "repeated" },
]);
const ResourceSpans = defineMessage<WireExport["resourceSpans"][number]>("ResourceSpans", [
  { number: 1, property: "resource", type: () => Resource },
  { number: 2, property: "scopeSpans", type: () => ScopeSpans, label: "repeated" },
]);
const ExportRequest = defineMessage<WireExport>("ExportTraceServiceRequest", [
  { number: 1, property: "resourceSpans", type: () => ResourceSpans, label: "repeated" },
]);

function spansOf({ resourceSpans }: WireExport): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(valuesOf(resource?.attributes ?? [])["service.name"]);
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => receivedSpan(service, span)));
  });
}

function receivedSpan(service: string, span: WireSpan): ReceivedSpan {
  return {
    service,
    name: span.name,
    traceId: hex(span.traceId),
    spanId: hex(span.spanId),
    parentSpanId: hex(span.parentSpanId ?? ""),
    kind: span.kind,
    attributes: valuesOf(span.attributes),
    events: (span.events ?? []).map(
      ({ name, attributes }) => `${name} ${String(valuesOf(attributes)["message.type"])}`,
    ),
  };
}

function hex(id: Uint8Array | string): string {
  return typeof id === "string" ? id : Buffer.from(id).toString("hex");
}

function valuesOf(attributes: readonly WireAttribute[]): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value?.stringValue ?? Number(value?.intValue)]),
  );
}
