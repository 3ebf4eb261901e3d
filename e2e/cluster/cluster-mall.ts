import {
  freePorts,
  type PrivateMariadb,
  startGalera,
  startRedis,
  whyNoGalera,
  whyNoRedis,
} from "@mall/kit/testing";
import { startTestBank, type TestBank } from "../crashes/bank.ts";
import { type ApiUrls, gatewayUrls } from "../support/people.ts";
import { type SpawnedMall, spawnMall } from "../support/spawned-mall.ts";

const NODES = 3;

/** A machine: a node of the cluster, and a whole mall in one process that reaches the database by it alone. */
export interface Member {
  /** From 1. */
  readonly number: number;
  readonly node: PrivateMariadb;
  /** A DSN. */
  readonly dataSource: string;
  readonly mall: SpawnedMall;
  readonly urls: ApiUrls;
}

/** A mall of three replicas on a Galera cluster of three nodes, with one Redis and one bank. */
export interface ClusterMall {
  readonly members: readonly Member[];
  readonly bank: TestBank;
  stop(): Promise<void>;
}

/** Why no such mall can run here; undefined if one can. */
export function whyNoCluster(): string | undefined {
  return whyNoGalera() ?? whyNoRedis();
}

/** Starts all of it; `expire` is how long an order and a payment may stay unpaid. */
export async function startClusterMall({ expire }: { expire: string }): Promise<ClusterMall> {
  const malls: SpawnedMall[] = [];
  const started: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(malls.map((mall) => mall.stop()));
    for (const part of started.toReversed()) await part.stop();
  };
  try {
    const cluster = await startGalera(NODES);
    started.push(cluster);
    const redis = await startRedis();
    started.push(redis);
    const bank = await startTestBank();
    started.push(bank);
    const name = (await cluster.nodes[0]?.createDatabase())?.split("/").at(-1) ?? "";
    const ports = await freePorts(NODES);
    // All at once, on an empty database, as an orchestrator does it.
    const starts = await Promise.allSettled(
      cluster.nodes.map(async (node, index): Promise<Member> => {
        const port = ports[index] ?? 0;
        const dataSource = node.dataSource(name);
        const blocks = blocksOf(bank, port, expire);
        const mall = await spawnMall({ dataSource, cacheRedis: redis.host, blocks });
        malls.push(mall);
        return { number: index + 1, node, dataSource, mall, urls: gatewayUrls(`http://127.0.0.1:${port}`) };
      }),
    );
    const members = starts.map((start) => {
      if (start.status === "rejected") throw start.reason;
      return start.value;
    });
    return { members, bank, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A replica is told of a payment that it has prepared; if it is down, the bank tells it later. */
function blocksOf(bank: TestBank, port: number, expire: string): object {
  const NotifyUrl = `http://127.0.0.1:${port}/api/pay/notify/sandbox`;
  return {
    Port: port,
    Order: { OrderExpire: expire },
    Pay: { PayExpire: expire, Channels: { Sandbox: { ...bank.block, NotifyUrl } } },
  };
}
