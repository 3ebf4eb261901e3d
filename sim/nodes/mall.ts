import type { RpcProcess, RpcProcessConfig } from "@mall/kit/process";
import { orderApi } from "@mall/order/api/main";
import { orderRpc } from "@mall/order/rpc/main";
import { payApi } from "@mall/pay/api/main";
import { payRpc } from "@mall/pay/rpc/main";
import { productApi } from "@mall/product/api/main";
import { productRpc } from "@mall/product/rpc/main";
import { userRpc } from "@mall/user/rpc/main";
import type { Peer } from "../network/index.ts";
import { Disk } from "../storage/index.ts";
import { ApiNode } from "./api-node.ts";
import { API_CONFIGS, RPC_CONFIGS } from "./configs.ts";
import type { MallFiles, ServiceName } from "./mall-files.ts";
import type { Node } from "./node.ts";
import { RpcNode, type Surroundings } from "./rpc-node.ts";

/** How many processes serve each service. */
export type Replicas = Readonly<Record<ServiceName, number>>;

/** The processes of a mall. */
export interface Mall {
  readonly api: ApiNode;
  readonly nodes: readonly Node[];
}

/** Puts the processes of a mall into a simulated world; nothing runs yet. */
export function createMall(world: Omit<Surroundings, "peersOf">, files: MallFiles, replicas: Replicas): Mall {
  const peers = new Map<string, Peer[]>();
  const surroundings: Surroundings = { ...world, peersOf: (service) => peers.get(service) ?? [] };
  const nodes: Node[] = [];
  const place = <Config extends RpcProcessConfig, Client>(
    service: ServiceName,
    process: RpcProcess<Config, Client>,
    config: Config,
  ): void => {
    const disk = new Disk(world.kernel, world.faults, service);
    const instances = Array.from({ length: replicas[service] }, (_, index) => {
      const name = index === 0 ? service : `${service}-${index + 1}`;
      return new RpcNode(name, surroundings, { process, config, file: files[service].lend(index), disk });
    });
    nodes.push(...instances);
    peers.set(process.service.names[0], instances);
  };
  place("user", userRpc, RPC_CONFIGS.user);
  place("product", productRpc, RPC_CONFIGS.product);
  place("order", orderRpc, RPC_CONFIGS.order);
  place("pay", payRpc, RPC_CONFIGS.pay);
  const api = new ApiNode("api", surroundings, (placement) => [
    ...productApi.build(API_CONFIGS.product, placement),
    ...orderApi.build(API_CONFIGS.order, placement),
    ...payApi.build(API_CONFIGS.pay, placement),
  ]);
  return { api, nodes: [...nodes, api] };
}
