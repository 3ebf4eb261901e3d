import type { Direction } from "@mall/kit/testing";
import { Random } from "../../sim/kernel/index.ts";
import type { ChaosMall, Part } from "./chaos-mall.ts";

/** A few hundred entries more than an empty Redis. */
const LITTLE_MEMORY = "1500kb";

/** Something bad that is done to a mall, and ended again. */
export interface Fault {
  readonly name: string;
  /** Resolves when everything that was taken away is back, ready or not. */
  inflict(mall: ChaosMall): Promise<void>;
}

/** Ends parts as a crash would, all at once, and starts them again after `downMs`. */
export function crash(names: readonly string[], downMs: number): Fault {
  return {
    name: `kill -9 ${names.join(" and ")}`,
    inflict: async (mall) => {
      const parts = names.map((name) => partOf(mall, name));
      await Promise.all(parts.map((part) => part.kill()));
      await passed(downMs);
      await Promise.all(parts.map((part) => part.start()));
    },
  };
}

/** Stops a part in the middle of whatever it does, for `frozenMs`. */
export function freeze(name: string, frozenMs: number): Fault {
  return freezeAll([name], frozenMs);
}

/** Redis has no room for another byte, and refuses to make some. */
export function fillRedis(fullMs: number): Fault {
  return {
    name: `Redis is full for ${fullMs / 1000} s`,
    inflict: async ({ redis }) => {
      await redis.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
      await redis.command("CONFIG", "SET", "maxmemory", "1");
      await passed(fullMs);
      await redis.command("CONFIG", "SET", "maxmemory", "0");
    },
  };
}

/** Redis has so little room that it throws entries away all the time, whichever, as operators let it. */
export function evictFromRedis(littleMs: number): Fault {
  return {
    name: `Redis evicts for ${littleMs / 1000} s`,
    inflict: async ({ redis }) => {
      await redis.command("CONFIG", "SET", "maxmemory-policy", "allkeys-random");
      await redis.command("CONFIG", "SET", "maxmemory", LITTLE_MEMORY);
      await passed(littleMs);
      await redis.command("CONFIG", "SET", "maxmemory", "0");
    },
  };
}

/** Redis is saved, goes on for a while, crashes, and comes back with what it had when it was saved. */
export function restoreRedis(agedMs: number, downMs: number): Fault {
  return {
    name: `Redis comes back as it was ${agedMs / 1000} s before its crash`,
    inflict: async (mall) => {
      await mall.redis.command("SAVE");
      await passed(agedMs);
      await crash(["redis"], downMs).inflict(mall);
      // Other crashes are to leave nothing.
      mall.redis.loseData();
    },
  };
}

/** What goes to a server, or comes from it, takes its time; each piece another one. */
export function delay(
  server: "mysql" | "redis",
  { direction, ms, forMs }: { direction?: Direction; ms: number; forMs: number },
): Fault {
  const range = { min: 0, max: ms };
  const delays = direction === undefined ? { toServer: range, toClient: range } : { [direction]: range };
  return {
    name: `${server} is up to ${ms} ms away${direction === undefined ? "" : `, ${direction} alone`}`,
    inflict: async ({ ways }) => {
      ways.delay(server, delays);
      await passed(forMs);
      ways.clear();
    },
  };
}

/** Answers are held back, and then their connections are cut: nobody knows what became of what was asked. */
export function severWays(times: number, seed: number): Fault {
  return {
    name: `${times} times a way to a server is cut while answers are on it`,
    inflict: async ({ ways }) => {
      const random = new Random(seed);
      for (let count = 0; count < times; count += 1) {
        await ways.sever(random);
        await passed(random.int(0, 200));
      }
    },
  };
}

/** Several parts stand still at the same time: a whole replica, say, while the other goes on. */
export function freezeAll(names: readonly string[], frozenMs: number): Fault {
  return {
    name: `freeze ${names.join(" and ")} for ${frozenMs / 1000} s`,
    inflict: async (mall) => {
      const parts = names.map((name) => partOf(mall, name));
      try {
        await Promise.all(parts.map((part) => part.freeze()));
        await passed(frozenMs);
      } finally {
        for (const part of parts) part.thaw();
      }
    },
  };
}

/** etcd crashes and comes back with nothing, and then a process that others must find crashes as well. */
export function emptyEtcd(name: string, downMs: number): Fault {
  return {
    name: `etcd loses its data, then kill -9 ${name}`,
    inflict: async (mall) => {
      await mall.etcd.kill();
      mall.etcd.loseData();
      await passed(downMs);
      await mall.etcd.restart();
      await crash([name], downMs).inflict(mall);
    },
  };
}

function partOf(mall: ChaosMall, name: string): Part {
  const part = mall.parts.find((each) => each.name === name);
  if (part === undefined) throw new Error(`the mall has no part ${name}`);
  return part;
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
