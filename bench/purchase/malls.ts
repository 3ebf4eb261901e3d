import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemRuntime } from "@mall/kit/runtime";
import { openDatabase } from "@mall/kit/store";
import { freePort, shebangFlags } from "@mall/kit/testing";
import { type Backends, startBackends } from "../backends.ts";
import type { Child } from "../child.ts";
import {
  type Placement,
  type PlacementOptions,
  type ProcessName,
  type SplitPlacement,
  startAllInOne,
  startEmbedded,
  startSplit,
} from "../placements.ts";
import { profileFlags, summarizeProfile } from "../profile.ts";
import { PaidOrders } from "./paid-orders.ts";
import { openShop, type Shop } from "./shop.ts";
import type { Channel, Target } from "./shoppers.ts";

/** The placements that people run, as the command line names them. */
export const KINDS = ["embedded", "one", "services", "split"] as const;
export type Kind = (typeof KINDS)[number];

/** What they are called in reports. */
export const NAMES: Readonly<Record<Kind, string>> = {
  embedded: "embedded",
  one: "one process",
  services: "a process a service",
  split: "split",
};

/** A mall under measurement, on a database of its own. */
export interface BenchMall extends Target {
  /** Ends it; what it stood on goes with it. */
  stop(): Promise<void>;
  /** Ends its processes, and tells where their time went; of one that is profiled. */
  readonly profile?: () => Promise<string[]>;
}

/** One of mall's own, which tells how much memory it has. */
export interface OwnMall extends BenchMall {
  /** Its processes, without the servers that they stand on. */
  readonly own: ReadonlyMap<string, Child>;
}

interface MallOptions {
  readonly kind: Kind;
  /** Of the checkout that is measured. */
  readonly checkout: string;
  readonly name: string;
  readonly shop: Shop;
  /** Whether its processes are profiled, which costs them some of their speed. */
  readonly profiled?: boolean;
  /** bench/bank.ts, where people are to pay at a channel too. */
  readonly bank?: Child | undefined;
  /** Options of `mariadbd` beside the tests'; those of the first mall on it hold for all. */
  readonly mariadb?: readonly string[];
  /** Puts more into the database before the mall starts. */
  readonly prepare?: (dataSource: string) => Promise<void>;
}

/** Which processes one command serves, each after those that it calls. */
const MEMBERS: Readonly<Record<"services" | "split", readonly (readonly ProcessName[])[]>> = {
  services: [["user.rpc"], ["product.rpc"], ["order.rpc", "order.api"], ["pay.rpc", "pay.api"]],
  split: [["user.rpc"], ["product.rpc"], ["order.rpc"], ["pay.rpc"], ["order.api"], ["pay.api"]],
};

/** Starts a mall over an empty shop. */
export async function startBenchMall(options: MallOptions): Promise<OwnMall> {
  const { kind, name, bank } = options;
  const folder = mkdtempSync(join(tmpdir(), "mall-bench-"));
  const undo: (() => Promise<void>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const step of undo.toReversed()) await step();
  };
  try {
    const backends = kind === "embedded" ? undefined : await startBackends(options.mariadb);
    if (backends !== undefined) undo.push(() => backends.stop());
    const dataSource = backends?.dataSource ?? `sqlite:${join(folder, "mall.db")}`;
    const profiles = join(folder, "profiles");
    const command = commandOf(options.checkout);
    const served = options.profiled ? [...profileFlags(profiles), ...command] : command;
    execFileSync(process.execPath, [...command, "migrate", "--data-source", dataSource]);
    await openShop(dataSource, options.shop);
    await options.prepare?.(dataSource);
    const channel = bank && { bank: bank.url, port: await freePort() };
    const placement = await start(kind, { folder, command: served, backends, channel });
    let isStopped = false;
    const stopPlacement = async (): Promise<void> => {
      if (!isStopped) await placement.stop();
      isStopped = true;
    };
    undo.push(stopPlacement);
    const profile = async (): Promise<string[]> => {
      await stopPlacement();
      return summarizeProfile(profiles, options.checkout);
    };
    const { url, own, processes } = placement;
    const order = "urlOf" in placement ? placement.urlOf("order.api") : url;
    const apis = { order, pay: url };
    const target = {
      name,
      apis,
      own,
      processes,
      stop,
      channel: bank && (await watch(bank, dataSource, undo)),
    };
    return options.profiled ? { ...target, profile } : target;
  } catch (error) {
    await stop();
    throw error;
  }
}

async function watch(bank: Child, dataSource: string, undo: (() => Promise<void>)[]): Promise<Channel> {
  const database = await openDatabase({ dataSource, runtime: systemRuntime });
  undo.push(() => database.close());
  return { bank: bank.url, process: bank, orders: new PaidOrders(database) };
}

/** The mall of a checkout on this Node, without the launcher that would start the checkout's own. */
function commandOf(checkout: string): readonly string[] {
  const cli = join(checkout, "cli");
  return [...shebangFlags(join(cli, "bin/mall.js")), join(cli, "main.ts")];
}

interface StartOptions extends Omit<PlacementOptions, "backends"> {
  readonly backends: Backends | undefined;
}

function start(kind: Kind, { backends, ...options }: StartOptions): Promise<Placement | SplitPlacement> {
  if (backends === undefined || kind === "embedded") return startEmbedded(options);
  if (kind === "one") return startAllInOne({ ...options, backends });
  const shape = { name: kind, mux: true, batches: true, members: MEMBERS[kind] };
  return startSplit(shape, { ...options, backends });
}
