import { isIP, isIPv4 } from "node:net";
import { z } from "zod";
import { flag, idle, listenHost, milliseconds, refused, text } from "../key.ts";
import { needsKeyFile } from "./certificate.ts";
import { serviceConfig } from "./service.ts";

/** An address, or a network as `address/bits`. */
const network = z.string().refine(isNetwork, "must be an address or a network, e.g. 10.0.0.0/8");

function isNetwork(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  const bitsMax = isIPv4(address) ? 32 : 128;
  if (isIP(address) === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax);
}

/** Where pages come from: scheme, host and, where it is not the scheme's own, port, as browsers send it. */
const origin = z
  .string()
  .refine(isOrigin, "must be an origin as browsers send it, e.g. https://shop.example, without a path");

function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
}

/** Pages of other origins that may call from a browser. Not in go-zero, whose `rest.WithCors` is code. */
export const corsConfig = z.object({ Origins: z.array(origin).default([]) });

const restMiddlewares = z.object({
  Trace: flag(true),
  /** The access log. */
  Log: flag(true),
  Prometheus: flag(true),
  MaxConns: flag(true),
  Breaker: flag(true),
  Shedding: flag(true),
  Timeout: flag(true),
  Recover: refused("a request that fails must never end the process", true),
  Metrics: idle(flag(true), "it is go-zero's statistics line, which is not written"),
  MaxBytes: flag(true),
  Gunzip: flag(true),
});

/** go-zero's rest.RestConf. */
export const restConfig = serviceConfig
  .extend({
    Host: listenHost("0.0.0.0"),
    Port: z.int().min(0).max(65535),
    /** PEM files; with both the port speaks HTTPS. */
    CertFile: text(),
    KeyFile: text(),
    Verbose: refused("whole requests in a log would carry passwords and tokens", false),
    /** Milliseconds a request may take; 0 for no limit. */
    Timeout: milliseconds(3000),
    /** Longest request body, bytes; 0 for no limit. */
    MaxBytes: z.int().min(0).default(1048576),
    /** Concurrent requests per route; 0 for no limit. */
    MaxConns: z.int().min(0).default(10000),
    /** Per mille of the processor above which requests may be shed; 0 for never. */
    CpuThreshold: z.int().min(0).max(1000).default(900),
    Signature: refused(
      "signed and encrypted bodies (X-Content-Security) are not built; TLS protects requests",
    ),
    Middlewares: restMiddlewares.prefault({}),
    /** Proxies in front, whose `X-Forwarded-For` says who the client is: addresses and networks (`10.0.0.0/8`). Not in go-zero. */
    TrustedProxies: z.array(network).default([]),
    Cors: corsConfig.prefault({}),
    /** Paths whose requests begin no span. */
    TraceIgnorePaths: z.array(z.string()).default([]),
  })
  .superRefine(needsKeyFile);

export type RestConfig = z.output<typeof restConfig>;
