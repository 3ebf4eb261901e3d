import { z } from "zod";

/** `host:port` to listen on; the host may be empty (all addresses). */
const listenOn = z.string().regex(/^[^\s]*:\d{1,5}$/, "must be host:port, e.g. 0.0.0.0:9003");

/** go-zero's service.ServiceConf: what every process has. */
export const serviceConfig = z.object({
  Name: z.string().min(1),
  /** `pro` is the default, as in go-zero; the others mark a process that is being tried out. */
  Mode: z.enum(["dev", "test", "rt", "pre", "pro"]).default("pro"),
  Log: z.object({ Level: z.enum(["debug", "info", "error", "severe"]).default("info") }).prefault({}),
});

/** etcd discovery as go-zero writes it. */
const etcdConfig = z.object({ Hosts: z.array(z.string()).default([]), Key: z.string().default("") });

/** go-zero's zrpc.RpcServerConf. */
export const rpcServerConfig = serviceConfig.extend({
  ListenOn: listenOn,
  Etcd: etcdConfig.optional(),
  /** Milliseconds a method may take; 0 for no limit. */
  Timeout: z.int().min(0).default(2000),
});

/** go-zero's zrpc.RpcClientConf. */
export const rpcClientConfig = z.object({
  /** `host:port` of each instance. */
  Endpoints: z.array(z.string()).default([]),
  Etcd: etcdConfig.optional(),
  /** Milliseconds a call may take; 0 for no limit but the caller's. */
  Timeout: z.int().min(0).default(2000),
});

/** go-zero's rest.RestConf. */
export const restConfig = serviceConfig.extend({
  Host: z.string().default("0.0.0.0"),
  Port: z.int().min(0).max(65535),
  /** Milliseconds a request may take; 0 for no limit. */
  Timeout: z.int().min(0).default(3000),
  /** Longest request body, bytes. */
  MaxBytes: z.int().min(0).default(1048576),
  /** Concurrent requests per route. */
  MaxConns: z.int().min(0).default(10000),
});

/** The seed's `Auth` block: the shared secret of all APIs. */
export const authConfig = z.object({
  AccessSecret: z.string().min(8, "must be at least 8 characters"),
  /** Seconds a token is valid. */
  AccessExpire: z.int().min(1).default(86400),
});

/** The seed's `Mysql` block; `sqlite:PATH` is accepted as well. */
export const mysqlConfig = z.object({ DataSource: z.string().min(1) });

export type ServiceConfig = z.output<typeof serviceConfig>;
export type RpcServerConfig = z.output<typeof rpcServerConfig>;
export type RpcClientConfig = z.output<typeof rpcClientConfig>;
export type RestConfig = z.output<typeof restConfig>;
