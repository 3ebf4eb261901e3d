import type { Placement, RpcProcess, RpcProcessConfig } from "@mall/kit/process";
import type { Route } from "@mall/kit/rest";
import { orderApi } from "@mall/order/api/main";
import { orderRpc } from "@mall/order/rpc/main";
import { payApi } from "@mall/pay/api/main";
import { payRpc } from "@mall/pay/rpc/main";
import { productApi } from "@mall/product/api/main";
import { productRpc } from "@mall/product/rpc/main";
import { userRpc } from "@mall/user/rpc/main";
import type { Peer } from "../network/index.ts";
import { Disk } from "../storage/index.ts";
import { AllInOneNode, type BuildMall } from "./all-in-one-node.ts";
import { ApiNode, type ApiPeer } from "./api-node.ts";
import { API_CONFIGS, type PayConfig, RPC_CONFIGS } from "./configs.ts";
import type { MallFiles, ServiceName } from "./mall-files.ts";
import type { Node } from "./node.ts";
import { RpcNode, type Surroundings } from "./rpc-node.ts";

/** Which processes there are. */
export interface Topology {
  /** The whole mall in each process, on one database; else a process for each service, on a database of its own. */
  readonly allInOne: boolean;
  /** How many processes serve each service; all in one, the number of `order` is that of all. */
  readonly replicas: Readonly<Record<ServiceName | "api", number>>;
}

/** How a mall is placed, and where its buyers pay. */
export interface MallPlan {
  readonly files: MallFiles;
  readonly topology: Topology;
  readonly pay: PayConfig;
}

/** The processes of a mall. */
export interface Mall {
  /** Those that answer people. */
  readonly apis: readonly ApiPeer[];
  readonly nodes: readonly Node[];
}

type World = Omit<Surroundings, "peersOf">;

/** Puts the processes of a mall into a simulated world; nothing runs yet. */
export function createMall(world: World, plan: MallPlan): Mall {
  return plan.topology.allInOne ? createAllInOne(world, plan) : createSplit(world, plan);
}

function createAllInOne(world: World, { files, topology: { replicas }, pay }: MallPlan): Mall {
  const disk = new Disk(world.kernel, world.faults, "mall");
  const surroundings: Surroundings = { ...world, peersOf: () => [] };
  const nodes = Array.from({ length: replicas.order }, (_, index) => {
    const storage = { file: files.order.lend(index), disk };
    return new AllInOneNode(`mall-${index + 1}`, surroundings, { storage, build: buildAllWith(pay) });
  });
  return { apis: nodes, nodes };
}

function buildAllWith(pay: PayConfig): BuildMall {
  return async (build, placement) => {
    await build(userRpc, RPC_CONFIGS.user);
    await build(productRpc, RPC_CONFIGS.product);
    await build(orderRpc, RPC_CONFIGS.order);
    await build(payRpc, pay);
    return buildRoutes(placement);
  };
}

async function buildRoutes(placement: Placement): Promise<Route[]> {
  return [
    ...(await productApi.build(API_CONFIGS.product, placement)),
    ...(await orderApi.build(API_CONFIGS.order, placement)),
    ...(await payApi.build(API_CONFIGS.pay, placement)),
  ];
}

function createSplit(world: World, { files, topology: { replicas }, pay }: MallPlan): Mall {
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
      return new RpcNode(nameOf(service, index), surroundings, {
        process,
        config,
        file: files[service].lend(index),
        disk,
      });
    });
    nodes.push(...instances);
    peers.set(process.service.names[0], instances);
  };
  place("user", userRpc, RPC_CONFIGS.user);
  place("product", productRpc, RPC_CONFIGS.product);
  place("order", orderRpc, RPC_CONFIGS.order);
  place("pay", payRpc, pay);
  const apis = Array.from({ length: replicas.api }, (_, index) => {
    return new ApiNode(nameOf("api", index), surroundings, buildRoutes);
  });
  return { apis, nodes: [...nodes, ...apis] };
}

function nameOf(process: string, index: number): string {
  return index === 0 ? process : `${process}-${index + 1}`;
}
