import { type RpcClientConfig, rpcClientConfig } from "@mall/kit/config";
import type { Runtime } from "@mall/kit/context";
import { z } from "zod";
import { probeRpc, type ServiceName } from "../operator/probe.ts";
import { acceptsConnections } from "./check-port.ts";
import { type Finding, fail, ok } from "./finding.ts";

/** The blocks of a configuration that name neighbours. */
export const neighbourConfig = z.object({
  UserRpc: rpcClientConfig.optional(),
  ProductRpc: rpcClientConfig.optional(),
  OrderRpc: rpcClientConfig.optional(),
  PayRpc: rpcClientConfig.optional(),
});

export type NeighbourConfig = z.output<typeof neighbourConfig>;

/** Is every neighbour that a configuration names there, and is it the service that it should be? */
export async function checkNeighbours(config: NeighbourConfig, runtime: Runtime): Promise<Finding[]> {
  const { UserRpc, ProductRpc, OrderRpc, PayRpc } = config;
  const findings = await Promise.all([
    checkBlock("UserRpc", "user", UserRpc, runtime),
    checkBlock("ProductRpc", "product", ProductRpc, runtime),
    checkBlock("OrderRpc", "order", OrderRpc, runtime),
    checkBlock("PayRpc", "pay", PayRpc, runtime),
  ]);
  return findings.flat();
}

async function checkBlock(
  block: string,
  service: ServiceName,
  config: RpcClientConfig | undefined,
  runtime: Runtime,
): Promise<Finding[]> {
  if (config === undefined) return [];
  if (config.Endpoints.length === 0) {
    return [fail(`${block} names no instance`, "add Endpoints, e.g. Endpoints: [127.0.0.1:9000]")];
  }
  return Promise.all(
    config.Endpoints.map((endpoint) => checkEndpoint({ block, service, endpoint }, runtime)),
  );
}

async function checkEndpoint(
  { block, service, endpoint }: { block: string; service: ServiceName; endpoint: string },
  runtime: Runtime,
): Promise<Finding> {
  const [, host, port] = /^\[?(.+?)\]?:(\d{1,5})$/.exec(endpoint) ?? [];
  if (host === undefined) return fail(`${block} ${endpoint} is not host:port`, "correct it in Endpoints");
  if (!(await acceptsConnections(host, Number(port)))) {
    return fail(`${block} ${endpoint}: nothing answers`, `start ${service}.rpc there, or correct Endpoints`);
  }
  const answer = await probeRpc(endpoint, service, runtime);
  if (answer === "serves") return ok(`${block} ${endpoint}: ${service}.rpc answers`);
  const who =
    answer === "silent" ? "something answers, but not gRPC" : `another service than ${service}.rpc answers`;
  return fail(`${block} ${endpoint}: ${who}`, "correct Endpoints");
}
