import { z } from "zod";
import {
  duration,
  flag,
  idle,
  inheriting,
  milliseconds,
  onlyOption,
  optionalDuration,
  refused,
  secret,
  text,
} from "../key.ts";
import { needsKeyFile } from "./certificate.ts";
import { type EtcdConfig, etcdConfig } from "./etcd.ts";
import { redisKeyConfig } from "./redis.ts";
import { serviceConfig } from "./service.ts";

/** `host:port` to listen on; the host may be empty (all addresses). */
const listenOn = z.string().regex(/^[^\s]*:\d{1,5}$/, "must be host:port, e.g. 0.0.0.0:9003");

const rpcServerMiddlewares = z.object({
  Trace: flag(true),
  Recover: refused("a call that fails must never end the process", true),
  /** The access log. */
  Stat: flag(true),
  StatConf: z
    .object({
      SlowThreshold: duration("500ms"),
      IgnoreContentMethods: idle(z.array(z.string()).default([]), "the log never holds what a call carries"),
    })
    .prefault({}),
  Prometheus: flag(true),
  Breaker: flag(true),
});

const methodTimeout = z.object({
  /** `/user.User/Login` */
  FullMethod: z.string().regex(/^\/[^/]+\/[^/]+$/, "must be /package.Service/Method"),
  Timeout: duration("0s"),
});

/** go-zero's zrpc.RpcServerConf, and TLS. */
export const rpcServerConfig = serviceConfig
  .extend({
    ListenOn: listenOn,
    Etcd: etcdConfig.optional(),
    /** Callers must show a token that the hash `Redis.Key` holds for their app. */
    Auth: flag(false),
    Redis: redisKeyConfig.optional(),
    /** Refuses callers also where Redis cannot tell. */
    StrictControl: flag(false),
    /** Milliseconds a method may take; 0 for no limit. */
    Timeout: milliseconds(2000),
    MethodTimeouts: z.array(methodTimeout).default([]),
    /** Per mille of the processor above which calls may be shed; 0 for never. */
    CpuThreshold: z.int().min(0).max(1000).default(900),
    /** Serves grpc.health.v1.Health. */
    Health: flag(true),
    Middlewares: rpcServerMiddlewares.prefault({}),
    /** PEM files; with both the port speaks TLS. Not in go-zero. */
    CertFile: text(),
    KeyFile: text(),
  })
  .superRefine((server, context) => {
    if (server.Auth && server.Redis === undefined) {
      context.addIssue({ code: "custom", path: ["Redis"], message: "is not set, and Auth needs it" });
    }
    needsKeyFile(server, context);
  });

function hasHosts(etcd: EtcdConfig): boolean {
  return etcd.Hosts.length > 0;
}

function hasKey(etcd: EtcdConfig): boolean {
  return etcd.Key !== "";
}

const rpcClientMiddlewares = z.object({
  Trace: flag(true),
  /** Logs failed and slow calls. */
  Duration: flag(true),
  Prometheus: flag(true),
  Breaker: flag(true),
  Timeout: flag(true),
});

/** Metadata of a call, which travels in headers. */
const headerText = z
  .string()
  .regex(/^[ -~]*$/, "must be printable ASCII")
  .default("");

/** go-zero's zrpc.RpcClientConf, and TLS. Of Endpoints, Target and Etcd the first that is given counts. */
export const rpcClientConfig = z.object({
  /** `host:port` of each instance. */
  Endpoints: z.array(z.string()).default([]),
  /** `dns:///host:port`, or `etcd://` in one of its forms. */
  Target: text(),
  Etcd: inheriting(etcdConfig.refine(hasHosts, "needs Hosts").refine(hasKey, "needs a Key"), [
    "Hosts",
    "User",
    "Pass",
    "CertFile",
    "CertKeyFile",
    "CACertFile",
  ]).optional(),
  /** Shown with every call where both are set: the app's name and the token that it was granted. */
  App: headerText,
  Token: secret(headerText),
  /** False: the process ends where the service is not reached within 3 s of the start. */
  NonBlock: flag(true),
  /** Milliseconds a call may take; 0 for no limit but the caller's. */
  Timeout: milliseconds(2000),
  /** From one ping of an idle connection to the next; milliseconds once read. */
  KeepaliveTime: optionalDuration().optional(),
  Middlewares: rpcClientMiddlewares.prefault({}),
  BalancerName: onlyOption("p2c_ewma", ["consistent_hash"], "no call carries a key to hash"),
  /** Speaks TLS. Not in go-zero. */
  Tls: flag(false),
  /** PEM file of the authority of the peers' certificates; empty: the machine's. Not in go-zero. */
  CACertFile: text(),
  /** Off: never more than one call per HTTP/2 stream, also where the peers are malls. Not in go-zero. */
  Mux: flag(true),
});

export type RpcServerConfig = z.output<typeof rpcServerConfig>;
export type RpcClientConfig = z.output<typeof rpcClientConfig>;
