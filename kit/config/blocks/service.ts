import { z } from "zod";
import { duration, refused } from "../key.ts";
import { logConfig } from "./log.ts";
import { devServerConfig, prometheusConfig, telemetryConfig } from "./observe.ts";

/** go-zero's proc.ShutdownConf; both in milliseconds once read. */
export const shutdownConfig = z.object({
  /** From leaving discovery to closing the listeners. */
  WrapUpTime: duration("1s"),
  /** From the signal to the end at the latest. */
  WaitTime: duration("5.5s"),
});

/** go-zero's service.ServiceConf: what every process has. An absent block is off. */
export const serviceConfig = z.object({
  Name: z.string().min(1, "must not be empty"),
  /** `pro` is the default, as in go-zero; the others mark a process that is being tried out. */
  Mode: z.enum(["dev", "test", "rt", "pre", "pro"]).default("pro"),
  Log: logConfig.prefault({}),
  Telemetry: telemetryConfig.optional(),
  Prometheus: prometheusConfig.optional(),
  DevServer: devServerConfig.optional(),
  Shutdown: shutdownConfig.prefault({}),
  MetricsUrl: refused("figures are fetched by Prometheus, not sent; use Prometheus or DevServer"),
  Profiling: refused("there is no Pyroscope client; node --inspect and --cpu-prof tell the same"),
});

export type ServiceConfig = z.output<typeof serviceConfig>;
export type ShutdownConfig = z.output<typeof shutdownConfig>;
