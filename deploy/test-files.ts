import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { RestConfig, RpcServerConfig, ServiceConfig } from "@mall/kit/config";
import { type ReadConfig, readConfig } from "@mall/kit/config";
import { parse, parseAllDocuments } from "yaml";
import type { z } from "zod";
import { gatewayProcess } from "../cli/gateway/gateway-process.ts";
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

/** A process of the split mall, or the gateway in front of it. */
export interface DeployedProcess {
  /** Of its files and its container, e.g. `pay-rpc`. */
  readonly name: string;
  /** What `mall serve` calls it. */
  readonly process: string;
  readonly layer: "rpc" | "api";
  /** The configuration that is shipped with the sources. */
  readonly shipped: string;
}

export const PROCESSES: readonly DeployedProcess[] = [
  ...SERVICES.flatMap((service) =>
    (["rpc", "api"] as const).map((layer) => ({
      name: `${service}-${layer}`,
      process: `${service}.${layer}`,
      layer,
      shipped: `services/${service}/${layer}/etc/${service}.yaml`,
    })),
  ),
  { name: "gateway", process: "gateway", layer: "api", shipped: "cli/gateway/etc/gateway.yaml" },
];

const RPCS: Readonly<Record<string, z.ZodType<RpcServerConfig>>> = {
  "user.rpc": userRpcConfig,
  "product.rpc": productRpcConfig,
  "order.rpc": orderRpcConfig,
  "pay.rpc": payRpcConfig,
};
const APIS: Readonly<Record<string, z.ZodType<RestConfig>>> = {
  "user.api": userApiConfig,
  "product.api": productApiConfig,
  "order.api": orderApiConfig,
  "pay.api": payApiConfig,
  gateway: (await gatewayProcess()).config,
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

/** One of the processes as its configuration file describes it. */
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
  { process }: Pick<DeployedProcess, "process">,
  environment: Environment,
): ProcessFile {
  const written = readYaml<Record<string, unknown>>(path);
  const { [process]: api } = APIS;
  if (api !== undefined) {
    const read = readConfig(join(ROOT, path), api, environment);
    return { read, port: read.config.Port, written };
  }
  const { [process]: rpc } = RPCS;
  if (rpc === undefined) throw new Error(`there is no process ${process}`);
  const read = readConfig(join(ROOT, path), rpc, environment);
  return { read, port: Number(read.config.ListenOn.split(":").at(-1)), written };
}
