import { type DelayProxy, type Delays, startDelayProxy } from "@mall/kit/testing";
import type { Random } from "../../sim/kernel/index.ts";
import type { Servers } from "./split-config.ts";

/** How late bytes may be at most in one direction, milliseconds. */
const DELAY_MS_MAX = 200;
/** How long an answer may be held back before its connection is cut, milliseconds. */
const HELD_MS_MAX = 100;

/** The ways of a split mall's replicas to its servers; each replica has its own. */
export interface Ways {
  /** Where a replica, from 1, finds the servers. */
  servers(replica: number): Servers;
  /** Makes some ways slow, in one direction or both, and the others quick. */
  vary(random: Random): void;
  /** Makes the ways to one of the servers slow, and leaves the others. */
  delay(server: "mysql" | "redis", delays: Delays): void;
  /** Makes all ways quick. */
  clear(): void;
  /** Takes the answers of one way, and then its connections: nobody can tell what became of the questions. */
  sever(random: Random): Promise<void>;
  stop(): Promise<void>;
}

export interface WaysOptions {
  readonly dataSource: string;
  /** `host:port`. */
  readonly redis: string;
  readonly replicas: number;
  readonly random: Random;
}

interface Way {
  readonly mysql: DelayProxy;
  readonly redis: DelayProxy;
}

export async function openWays({ dataSource, redis, replicas, random }: WaysOptions): Promise<Ways> {
  const open = (target: string): Promise<DelayProxy> =>
    startDelayProxy({ target, random: () => random.float() });
  const ways: Way[] = [];
  for (let count = 0; count < replicas; count += 1) {
    ways.push({ mysql: await open(addressIn(dataSource)), redis: await open(redis) });
  }
  const all = ways.flatMap((way) => [way.mysql, way.redis]);
  return {
    servers: (replica) => {
      const way = ways[replica - 1];
      if (way === undefined) throw new Error(`there is no replica ${replica}`);
      return { dataSource: withAddress(dataSource, way.mysql.host), cacheRedis: way.redis.host };
    },
    vary: (chance) => {
      for (const proxy of all) proxy.delay(drawDelays(chance));
    },
    delay: (server, delays) => {
      for (const way of ways) way[server].delay(delays);
    },
    clear: () => {
      for (const proxy of all) proxy.delay({});
    },
    sever: async (chance) => {
      const proxy = chance.pick(all);
      proxy.pause("toClient");
      await new Promise((resolve) => setTimeout(resolve, chance.int(0, HELD_MS_MAX)));
      proxy.cut();
      proxy.resume();
    },
    stop: async () => {
      await Promise.all(all.map((proxy) => proxy.stop()));
    },
  };
}

/** Most ways are quick or nearly so; with all of them slow a mall would answer nobody. */
function drawDelays(random: Random): Delays {
  const some = { min: 0, max: random.logInt(1, DELAY_MS_MAX) };
  const few = { min: 0, max: random.logInt(1, 20) };
  return random.pick<Delays>([
    {},
    {},
    { toServer: few, toClient: few },
    { toServer: some },
    { toClient: some },
  ]);
}

/** `host:port` in a DSN. */
function addressIn(dataSource: string): string {
  const address = /tcp\(([^)]+)\)/.exec(dataSource)?.[1];
  if (address === undefined) throw new Error("the data source names no TCP address");
  return address;
}

function withAddress(dataSource: string, address: string): string {
  return dataSource.replace(/tcp\([^)]+\)/, `tcp(${address})`);
}
