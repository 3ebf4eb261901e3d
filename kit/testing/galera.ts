import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { findProgram } from "./find-program.ts";
import { freePorts } from "./free-ports.ts";
import { GALERA_PROVIDER, GaleraNode, type GaleraPorts } from "./galera-node.ts";
import { type PrivateMariadb, testMysql } from "./mariadb.ts";
import { findMariadb } from "./mariadb-process.ts";

/** What a node needs beside the server: Debian's mariadb-server brings all of it. */
const PROGRAMS = ["rsync", "lsof", "mariadb-install-db"];

const PORTS_EACH = 4;

/** A Galera cluster of one test alone, all of it on the loopback. */
export interface TestGalera {
  /** Each may be crashed, frozen and started again; databases are those of the whole cluster. */
  readonly nodes: readonly PrivateMariadb[];
  stop(): Promise<void>;
}

/** Why no cluster can run here; undefined if one can. In CI that is a failure where Debian's packages could be had. */
export function whyNoGalera(): string | undefined {
  const missing = [
    ...(findMariadb() === undefined ? ["mariadbd"] : []),
    ...(existsSync(GALERA_PROVIDER) ? [] : [GALERA_PROVIDER]),
    ...PROGRAMS.filter((name) => findProgram(name) === undefined),
  ];
  if (missing.length === 0) return undefined;
  const reason = `a Galera cluster needs ${missing.join(", ")} (Debian: mariadb-server with galera-4)`;
  if (process.env.CI === "true" && existsSync("/usr/bin/apt-get")) throw new Error(reason);
  return reason;
}

/**
 * Starts a cluster of so many nodes.
 *
 * @throws Error for the reason that whyNoGalera gives.
 */
export async function startGalera(count: number): Promise<TestGalera> {
  const reason = whyNoGalera();
  if (reason !== undefined) throw new Error(reason);
  const ports = await freePorts(count * PORTS_EACH);
  const each = Array.from({ length: count }, (_, index): GaleraPorts => {
    const [sql = 0, group = 0, ist = 0, sst = 0] = ports.slice(index * PORTS_EACH);
    return { sql, group, ist, sst };
  });
  const common = {
    binary: findMariadb() ?? "mariadbd",
    password: randomBytes(12).toString("hex"),
    groupPorts: each.map(({ group }) => group),
  };
  const started: GaleraNode[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((node) => node.stop()));
  };
  try {
    // One after the other: who joins gets all data from another, which serves one at a time.
    for (const [index, own] of each.entries()) {
      started.push(await GaleraNode.startNode({ ...common, ports: own, begins: index === 0 }));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { nodes: started.map(asServer), stop };
}

function asServer(node: GaleraNode): PrivateMariadb {
  return {
    ...testMysql((database) => node.dataSource(database)),
    kill: () => node.kill(),
    restart: () => node.restart(),
    freeze: () => node.freeze(),
    thaw: () => node.thaw(),
  };
}
