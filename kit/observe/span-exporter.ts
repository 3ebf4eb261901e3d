import type { TelemetryConfig } from "@mall/kit/config";
import type { Logger } from "@mall/kit/log";
import type { SpanExporter } from "@opentelemetry/sdk-trace";

const OTLP_HTTP_PATH = "/v1/traces";
const OTLP_HTTP_PORT = 4318;
/** A batch that the receiver does not take within this time is given up. */
const EXPORT_MS_MAX = 5_000;

/** Makes the exporter that `Telemetry.Batcher` names; its library is loaded only then. */
export async function createSpanExporter(config: TelemetryConfig, log: Logger): Promise<SpanExporter> {
  if (isJaegers(config.Endpoint)) return createHttpExporter(insteadOfJaeger(config.Endpoint, log), config);
  switch (config.Batcher) {
    case "otlpgrpc":
      return createGrpcExporter(config);
    case "otlphttp":
      return createHttpExporter(otlpHttpUrl(config), config);
    case "zipkin":
      return createZipkinExporter(config);
    case "jaeger":
      return createHttpExporter(insteadOfJaeger(config.Endpoint, log), config);
  }
}

async function createGrpcExporter(config: TelemetryConfig): Promise<SpanExporter> {
  const { OTLPTraceExporter } = await import("@opentelemetry/exporter-trace-otlp-grpc");
  const { Metadata } = await import("@grpc/grpc-js");
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(config.OtlpHeaders)) metadata.set(name, value);
  const url = hasScheme(config.Endpoint) ? config.Endpoint : `http://${config.Endpoint}`;
  return new OTLPTraceExporter({ url, metadata, timeoutMillis: EXPORT_MS_MAX });
}

async function createHttpExporter(url: string, config: TelemetryConfig): Promise<SpanExporter> {
  const { OTLPTraceExporter } = await import("@opentelemetry/exporter-trace-otlp-http");
  return new OTLPTraceExporter({ url, headers: { ...config.OtlpHeaders }, timeoutMillis: EXPORT_MS_MAX });
}

async function createZipkinExporter(config: TelemetryConfig): Promise<SpanExporter> {
  const { ZipkinExporter } = await import("@opentelemetry/exporter-zipkin");
  return new ZipkinExporter({ url: config.Endpoint });
}

/** go-zero's Endpoint is `host:port`; a whole URL is taken as it is. */
function otlpHttpUrl({ Endpoint, OtlpHttpPath, OtlpHttpSecure }: TelemetryConfig): string {
  const base = hasScheme(Endpoint) ? Endpoint : `${OtlpHttpSecure ? "https" : "http"}://${Endpoint}`;
  if (OtlpHttpPath !== "") return new URL(OtlpHttpPath, base).href;
  return new URL(base).pathname === "/" ? new URL(OTLP_HTTP_PATH, base).href : base;
}

/**
 * Jaeger's own protocol, which go-zero's `jaeger` spoke to `http://host:14268/api/traces`, is retired; since its
 * version 1.35 Jaeger takes OTLP on the ports that OTLP has everywhere.
 */
function insteadOfJaeger(endpoint: string, log: Logger): string {
  const { hostname } = new URL(hasScheme(endpoint) ? endpoint : `http://${endpoint}`);
  const address = `${hostname}:${OTLP_HTTP_PORT}`;
  log.warn(
    { address },
    `Telemetry for Jaeger is served over OTLP, to ${address}, which Jaeger takes since 1.35: ` +
      `write Batcher: otlphttp and Endpoint: ${address}`,
  );
  return `http://${address}${OTLP_HTTP_PATH}`;
}

/** Files of go-zero 1.3 name no Batcher, as Jaeger was the default. */
function isJaegers(endpoint: string): boolean {
  return /:14268(\/|$)/.test(endpoint);
}

function hasScheme(endpoint: string): boolean {
  return /^[a-z]+:\/\//i.test(endpoint);
}
