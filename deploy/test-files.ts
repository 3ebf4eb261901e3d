import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { RestConfig, RpcServerConfig, ServiceConfig } from "@mall/kit/config";
import { type ReadConfig, readConfig } from "@mall/kit/config";
import { parse, parseAllDocuments } from "yaml";
import type { z } from "zod";
import { orderApiConfig } from "../services/order/api/config.ts";
import { orderRpcConfig } from "../services/order/rpc/config.ts";
import { payApiConfig } from "../services/pay/api/config.ts";
import { payRpcConfig } from "../services/pay/rpc/config.ts";
import { productApiConfig } from "../services/product/api/config.ts";
import { productRpcConfig } from "../services/product/rpc/config.ts";
import { userApiConfig } from "../services/user/api/config.ts";
import { userRpcConfig } from "../services/user/rpc/config.ts";

export const ROOT = join(import.meta.dirname, "..");
export const SERVICES = ["user", "product", "order", "pay"] as const;
export type Service = (typeof SERVICES)[number];

const RPCS: Readonly<Record<Service, z.ZodType<RpcServerConfig>>> = {
  user: userRpcConfig,
  product: productRpcConfig,
  order: orderRpcConfig,
  pay: payRpcConfig,
};
const APIS: Readonly<Record<Service, z.ZodType<RestConfig>>> = {
  user: userApiConfig,
  product: productApiConfig,
  order: orderApiConfig,
  pay: payApiConfig,
};

/** A file of the repository. */
export function readText(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** A YAML file of the repository with its merge keys resolved; the caller knows its shape. */
export function readYaml<T>(path: string): T {
  return parse(readText(path), { merge: true }) as T;
}

/** Every document of a YAML file. */
export function readYamls(path: string): unknown[] {
  return parseAllDocuments(readText(path)).map((document) => document.toJS() as unknown);
}

type Environment = Readonly<Record<string, string>>;

/** One of the eight processes as its configuration file describes it. */
export interface ProcessFile {
  readonly read: ReadConfig<ServiceConfig>;
  /** The port that it serves on. */
  readonly port: number;
  /** The file as it is written, with its variables. */
  readonly written: Readonly<Record<string, unknown>>;
}

/** Reads the file of a process as the process itself would with this environment. */
export function readProcessFile(
  path: string,
  { service, layer }: { service: Service; layer: "rpc" | "api" },
  environment: Environment,
): ProcessFile {
  const written = readYaml<Record<string, unknown>>(path);
  if (layer === "api") {
    const read = readConfig(join(ROOT, path), APIS[service], environment);
    return { read, port: read.config.Port, written };
  }
  const read = readConfig(join(ROOT, path), RPCS[service], environment);
  return { read, port: Number(read.config.ListenOn.split(":").at(-1)), written };
}
