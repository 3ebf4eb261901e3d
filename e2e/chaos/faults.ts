import type { ChaosMall, Part } from "./chaos-mall.ts";

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
  return {
    name: `freeze ${name} for ${frozenMs / 1000} s`,
    inflict: async (mall) => {
      const part = partOf(mall, name);
      await part.freeze();
      try {
        await passed(frozenMs);
      } finally {
        part.thaw();
      }
    },
  };
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
