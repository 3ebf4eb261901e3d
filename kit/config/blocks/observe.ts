import { z } from "zod";
import { flag, listenHost, refused, secret, text } from "../key.ts";

/** go-zero's `options` of Batcher. */
const BATCHERS = ["otlpgrpc", "otlphttp", "zipkin", "jaeger", "file"] as const;
type Batcher = Exclude<(typeof BATCHERS)[number], "file">;

const port = z.int().min(0).max(65535);

/** go-zero's trace.Config. Endpoint may carry credentials, and so may OtlpHeaders. */
export const telemetryConfig = z.object({
  /** Name of the service in traces; that of the process by default. */
  Name: text(),
  /** Empty: nothing is exported. */
  Endpoint: secret(text()),
  /** Share of the traces that begin here and are kept. */
  Sampler: z.number().min(0).max(1).default(1),
  /** `jaeger` is the default of old go-zero; Jaeger now takes OTLP. */
  Batcher: z
    .enum(BATCHERS)
    .default("otlpgrpc")
    .refine((batcher): batcher is Batcher => batcher !== "file", {
      message: "is not supported as file: a collector writes files; use otlpgrpc, otlphttp or zipkin",
    }),
  OtlpHeaders: secret(z.record(z.string(), z.string()).default({})),
  OtlpHttpPath: text(),
  OtlpHttpSecure: flag(false),
  Disabled: flag(false),
});

/** go-zero's prometheus.Config; without a Host there is no such port. */
export const prometheusConfig = z.object({
  Host: listenHost(),
  Port: port.default(9101),
  Path: text("/metrics"),
});

/** go-zero's devserver.Config: a port for health and metrics. */
export const devServerConfig = z.object({
  Enabled: flag(true),
  Host: listenHost(),
  Port: port.default(6060),
  MetricsPath: text("/metrics"),
  HealthPath: text("/healthz"),
  EnableMetrics: flag(true),
  EnablePprof: refused("Go's runtime profiles do not exist here; use node --inspect instead", false),
  HealthResponse: text("OK"),
});

export type TelemetryConfig = z.output<typeof telemetryConfig>;
export type PrometheusConfig = z.output<typeof prometheusConfig>;
export type DevServerConfig = z.output<typeof devServerConfig>;
