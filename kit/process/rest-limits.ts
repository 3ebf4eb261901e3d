import type { RestConfig } from "@mall/kit/config";
import type { RestServerOptions } from "@mall/kit/rest";

type RestLimits = Pick<
  RestServerOptions,
  "timeoutMs" | "bodyBytesMax" | "concurrentMax" | "acceptsGzip" | "trustedProxies" | "corsOrigins" | "tls"
>;

/** What go-zero's keys mean to a REST server; a middleware that is switched off sets no limit. */
export function restLimits(config: RestConfig): RestLimits {
  const { Middlewares, CertFile, KeyFile } = config;
  return {
    timeoutMs: Middlewares.Timeout ? config.Timeout : 0,
    bodyBytesMax: Middlewares.MaxBytes ? config.MaxBytes : 0,
    concurrentMax: Middlewares.MaxConns ? config.MaxConns : 0,
    acceptsGzip: Middlewares.Gunzip,
    trustedProxies: config.TrustedProxies,
    corsOrigins: config.Cors.Origins,
    tls: CertFile === "" ? undefined : { certFile: CertFile, keyFile: KeyFile },
  };
}
