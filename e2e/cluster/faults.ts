import { freezeProcess, thawProcess } from "@mall/kit/testing";
import type { Random } from "../../sim/kernel/index.ts";
import type { ClusterMall, Member } from "./cluster-mall.ts";
import { isolateNode } from "./isolate-node.ts";

/** Something bad that is done to machines of a cluster, and ended again. */
export interface ClusterFault {
  readonly name: string;
  /** Resolves when everything that was taken away is back. */
  inflict(mall: ClusterMall): Promise<void>;
}

/** The server of a node ends as a crash would, and joins again. */
function killNode(number: number, downMs: number): ClusterFault {
  return {
    name: `kill -9 node ${number}`,
    inflict: async (mall) => {
      const { node } = memberOf(mall, number);
      await node.kill();
      await passed(downMs);
      await node.restart();
    },
  };
}

/** The server of a node stands still; for longer than some seconds, the others go on without it. */
function freezeNode(number: number, frozenMs: number): ClusterFault {
  return {
    name: `node ${number} stands still for ${seconds(frozenMs)}`,
    inflict: async (mall) => {
      const { node } = memberOf(mall, number);
      await node.freeze();
      await passed(frozenMs);
      node.thaw();
    },
  };
}

/** A node answers its clients and does not hear the others, who go on without it. */
function cutOffNode(number: number, forMs: number): ClusterFault {
  return {
    name: `node ${number} is cut off for ${seconds(forMs)}`,
    inflict: async (mall) => {
      const { node } = memberOf(mall, number);
      await isolateNode(node, true);
      await passed(forMs);
      await isolateNode(node, false);
    },
  };
}

/** A replica of the mall ends, and is started again. */
function killReplica(number: number, downMs: number): ClusterFault {
  return {
    name: `kill -9 mall ${number}`,
    inflict: async (mall) => {
      const member = memberOf(mall, number);
      await member.mall.kill();
      await passed(downMs);
      await member.mall.start();
    },
  };
}

/** A replica of the mall stands still, whatever locks it holds and jobs it has claimed. */
function freezeReplica(number: number, frozenMs: number): ClusterFault {
  return {
    name: `mall ${number} stands still for ${seconds(frozenMs)}`,
    inflict: async (mall) => {
      const { pid } = memberOf(mall, number).mall;
      await freezeProcess(pid);
      await passed(frozenMs);
      thawProcess(pid);
    },
  };
}

/** A machine is gone, with all that ran there. */
function killMachine(number: number, downMs: number): ClusterFault {
  return {
    name: `kill -9 node and mall ${number}`,
    inflict: async (cluster) => {
      const { mall, node } = memberOf(cluster, number);
      await Promise.all([mall.kill(), node.kill()]);
      await passed(downMs);
      await node.restart();
      await mall.start();
    },
  };
}

/** One is gone and one stands still: the third is no cluster, until both are back. */
export function loseMajority(killed: number, frozen: number, forMs: number): ClusterFault {
  return {
    name: `kill -9 node ${killed} while node ${frozen} stands still for ${seconds(forMs)}`,
    inflict: async (mall) => {
      const gone = memberOf(mall, killed).node;
      const still = memberOf(mall, frozen).node;
      await gone.kill();
      await still.freeze();
      await passed(forMs);
      still.thaw();
      await gone.restart();
    },
  };
}

/** One of each kind, in any order, each at any members. */
export function drawFaults(random: Random): ClusterFault[] {
  const member = (): number => random.int(1, 3);
  const one = member();
  const faults = [
    killNode(member(), random.int(0, 5000)),
    freezeNode(member(), random.int(500, 2000)),
    freezeNode(member(), random.int(5000, 12_000)),
    cutOffNode(member(), random.int(1000, 12_000)),
    killReplica(member(), random.int(0, 3000)),
    freezeReplica(member(), random.int(1000, 20_000)),
    killMachine(member(), random.int(0, 8000)),
    loseMajority(one, (one % 3) + 1, random.int(1000, 8000)),
  ];
  return faults
    .map((fault) => ({ fault, place: random.float() }))
    .toSorted((left, right) => left.place - right.place)
    .map(({ fault }) => fault);
}

function memberOf({ members }: ClusterMall, number: number): Member {
  const member = members.find((each) => each.number === number);
  if (member === undefined) throw new Error(`there is no member ${number}`);
  return member;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
