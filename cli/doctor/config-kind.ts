import { basename } from "node:path";
import { loadConfig } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import type { AnyRpcProcess, ApiProcessConfig, ServedApi } from "@mall/kit/process";
import { z } from "zod";
import { SERVICES } from "../all-in-one/config.ts";
import { GATEWAY, gatewayProcess } from "../gateway/gateway-process.ts";
import type { LoadedService } from "../services.ts";
import { neighbourConfig } from "./check-neighbours.ts";

/** What a configuration file is for. */
export type ConfigKind =
  | { readonly kind: "all-in-one" }
  | { readonly kind: "api"; readonly api: ServedApi<ApiProcessConfig> }
  | { readonly kind: "rpc"; readonly service: { readonly name: string; readonly rpc: AnyRpcProcess } };

const marks = z.object({
  Name: z.string().default(""),
  ListenOn: z.unknown().optional(),
  ...Object.fromEntries(Object.keys(neighbourConfig.shape).map((key) => [key, z.unknown().optional()])),
});

/**
 * Tells by its keys what a configuration is for: an rpc has ListenOn, an api names an rpc, and the rest is
 * an all-in-one's. Which service, or the gateway, by its Name as in the seed (`pay.rpc`, `Pay`), else by the file's.
 *
 * @throws AppError FAILED_PRECONDITION where the file is no YAML or does not tell its service.
 */
export async function configKindOf(path: string): Promise<ConfigKind> {
  const values = loadConfig(path, marks);
  const isRpc = values.ListenOn !== undefined;
  const hasNeighbours = Object.keys(neighbourConfig.shape).some(
    (key) => Reflect.get(values, key) !== undefined,
  );
  if (!isRpc && !hasNeighbours) return { kind: "all-in-one" };
  if (!isRpc && [values.Name, basename(path)].some(isGateway))
    return { kind: "api", api: await gatewayProcess() };
  const service = serviceNamed(values.Name) ?? serviceNamed(basename(path));
  const kind = isRpc ? "rpc" : "api";
  if (service === undefined) return unusable(path, "Name does not begin with a service: write e.g. pay.rpc");
  const { name, rpc, api } = service;
  if (isRpc && rpc !== undefined) return { kind: "rpc", service: { name, rpc } };
  if (!isRpc && api !== undefined) return { kind: "api", api };
  return unusable(path, `the service ${name} has no ${kind}`);
}

function isGateway(text: string): boolean {
  return text.toLowerCase().startsWith(GATEWAY);
}

/** One name may begin with another: `payroll.rpc` is not of `pay`. */
function serviceNamed(text: string): LoadedService | undefined {
  const found = SERVICES.filter(({ name }) => text.toLowerCase().startsWith(name));
  return found.toSorted((one, other) => other.name.length - one.name.length)[0];
}

function unusable(path: string, detail: string): never {
  throw new AppError("FAILED_PRECONDITION", "CONFIG_UNUSABLE", `config file ${path}: ${detail}`);
}
