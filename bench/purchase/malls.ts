import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shebangFlags } from "@mall/kit/testing";
import { type Backends, startBackends } from "../backends.ts";
import {
  type Placement,
  type ProcessName,
  type SplitPlacement,
  startAllInOne,
  startEmbedded,
  startSplit,
} from "../placements.ts";
import { profileFlags, summarizeProfile } from "../profile.ts";
import { openShop, type Shop } from "./shop.ts";
import type { Target } from "./shoppers.ts";

/** The placements that people run, as the command line names them. */
export const KINDS = ["embedded", "one", "split"] as const;
export type Kind = (typeof KINDS)[number];

/** A mall under measurement, on servers of its own. */
export interface BenchMall extends Target {
  /** Ends it; what it stood on goes with it. */
  stop(): Promise<void>;
  /** Ends its processes, and tells where their time went; of one that is profiled. */
  readonly profile?: () => Promise<string[]>;
}

interface MallOptions {
  readonly kind: Kind;
  /** Of the checkout that is measured. */
  readonly checkout: string;
  readonly name: string;
  readonly shop: Shop;
  /** Whether its processes are profiled, which costs them some of their speed. */
  readonly profiled?: boolean;
}

/** Each after those that it calls. */
const MEMBERS: readonly ProcessName[] = [
  "user.rpc",
  "product.rpc",
  "order.rpc",
  "pay.rpc",
  "order.api",
  "pay.api",
];

/** Starts a mall over an empty shop. */
export async function startBenchMall(options: MallOptions): Promise<BenchMall> {
  const { kind, name } = options;
  const folder = mkdtempSync(join(tmpdir(), "mall-bench-"));
  const undo: (() => Promise<void>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const step of undo.toReversed()) await step();
  };
  try {
    const backends = kind === "embedded" ? undefined : await startBackends();
    if (backends !== undefined) undo.push(() => backends.stop());
    const dataSource = backends?.dataSource ?? `sqlite:${join(folder, "mall.db")}`;
    const profiles = join(folder, "profiles");
    const command = commandOf(options.checkout);
    const served = options.profiled ? [...profileFlags(profiles), ...command] : command;
    execFileSync(process.execPath, [...command, "migrate", "--data-source", dataSource]);
    await openShop(dataSource, options.shop);
    const placement = await start(kind, { folder, command: served, backends });
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
    const { url, processes } = placement;
    const order = "urlOf" in placement ? placement.urlOf("order.api") : url;
    const target = { name, apis: { order, pay: url }, processes, stop };
    return options.profiled ? { ...target, profile } : target;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The mall of a checkout on this Node, without the launcher that would start the checkout's own. */
function commandOf(checkout: string): readonly string[] {
  const cli = join(checkout, "cli");
  return [...shebangFlags(join(cli, "bin/mall.js")), join(cli, "main.ts")];
}

function start(
  kind: Kind,
  { backends, ...options }: { folder: string; command: readonly string[]; backends: Backends | undefined },
): Promise<Placement | SplitPlacement> {
  if (backends === undefined) return startEmbedded(options);
  if (kind === "one") return startAllInOne({ ...options, backends });
  return startSplit({ name: "split", mux: true, batches: true, members: MEMBERS }, { ...options, backends });
}
