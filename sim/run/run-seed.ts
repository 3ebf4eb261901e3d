import { type ScriptedAction, type Theme, writeDeciders, writeScript } from "../actors/index.ts";
import { type FaultPlace, type FaultRates, Faults, withChannelFaults } from "../faults/index.ts";
import { Kernel, type TimelineEntry } from "../kernel/index.ts";
import type { MallFiles, SimFiles, Topology } from "../nodes/index.ts";
import { SimRedis } from "../redis/index.ts";
import { channelAccounts } from "../world/index.ts";
import {
  drawApprovalAbove,
  drawRatesOf,
  drawRealChannels,
  drawStatementMs,
  drawThemeOf,
  drawTopology,
  type Shape,
} from "./shape.ts";
import { PRODUCTS, Simulation } from "./simulation.ts";
import type { Tally } from "./tally.ts";
import { watchRejections } from "./watch-rejections.ts";

/** What of a run is left out, to see whether it matters. */
interface RunSubset {
  readonly actions: ReadonlySet<string>;
  readonly faults: ReadonlySet<string>;
}

export interface RunOptions {
  readonly seed: number;
  readonly shape: Shape;
  readonly files: SimFiles;
  /** Keeps the lines of the timeline. */
  readonly records?: boolean;
  /** Exactly these actions and faults instead of all that the seed has. */
  readonly subset?: RunSubset;
}

/** How the run of a seed ended. */
export interface RunResult {
  readonly seed: number;
  readonly failure: Error | undefined;
  /** The same for two runs in which the same happened. */
  readonly fingerprint: string;
  readonly events: number;
  readonly virtualMs: number;
  readonly actions: readonly string[];
  readonly faults: readonly string[];
  /** Which processes it had. */
  readonly topology: Topology;
  /** In which states everything was in the end. */
  readonly states: Tally;
  /** Transactions that several shared: `some committed`. */
  readonly groups: Tally;
  readonly timeline: readonly TimelineEntry[];
}

/** Where things fail most in so many of the runs about something; in the others they fail everywhere. */
const FOCUS: Readonly<Partial<Record<Theme, { readonly place: FaultPlace; readonly share: number }>>> = {
  refunds: { place: "bank", share: 0.8 },
  late: { place: "bank", share: 0.5 },
  held: { place: "bank", share: 0.5 },
  orders: { place: "product", share: 0.5 },
};

/** How long things fail, virtual milliseconds. */
const STORM_MS = [2_000, 40_000] as const;
/** By then everything has ended. */
const SETTLE_MS = 1_200_000;
/** By then everybody reaches Redis again, and has deleted there what he could not. */
const CACHES_SETTLE_MS = 10_000;
/** Looking whether all is as it must be costs more than an event. */
const EVENTS_A_LOOK = 32;

/** Runs the whole mall once, as the seed has it. */
export async function runSeed(options: RunOptions): Promise<RunResult> {
  const { seed, shape, files, subset } = options;
  const kernel = new Kernel(seed, { records: options.records ?? false });
  const untilMs = kernel.random("plan").int(...STORM_MS);
  const only = subset === undefined ? {} : { only: subset.faults };
  const theme = drawThemeOf(kernel, shape);
  const accounts = drawRealChannels(kernel) ? await channelAccounts() : undefined;
  const usual = drawFaultRates(kernel, shape, theme);
  const rates = accounts === undefined ? usual : withChannelFaults(usual, kernel.random("rates of channels"));
  const faults = new Faults(kernel, { rates, untilMs, ...only });
  const topology = drawTopology(kernel, shape, theme);
  const ownFiles = filesOf(files, shape, topology);
  const redis = shape === "embedded" ? undefined : new SimRedis(kernel, faults);
  const statementMs = drawStatementMs(kernel, shape, theme);
  const approvalAbove = drawApprovalAbove(kernel);
  const simulation = new Simulation({
    ...{ kernel, faults, files: ownFiles, topology, redis, statementMs, theme, accounts, approvalAbove },
  });
  const deciders = approvalAbove === 0 ? [] : writeDeciders(kernel, PRODUCTS);
  const script = [...writeScript(kernel, theme, PRODUCTS), ...deciders].filter(
    ({ id }) => subset === undefined || subset.actions.has(id),
  );
  const unwatch = watchRejections((error) => kernel.fail(error));
  let failure: Error | undefined;
  try {
    await play(kernel, simulation, script, untilMs);
    simulation.checkEnd();
    if (redis !== undefined) await kernel.run(kernel.now + CACHES_SETTLE_MS);
    simulation.checkCaches();
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    kernel.log("sim", `FAILED ${failure.message}`);
  } finally {
    unwatch();
  }
  const { timeline } = kernel;
  return {
    seed,
    failure,
    fingerprint: timeline.fingerprint,
    events: kernel.eventsRun,
    virtualMs: kernel.now,
    actions: script.map(({ id }) => id),
    faults: faults.struck,
    topology,
    states: simulation.states,
    groups: simulation.groups,
    timeline: timeline.entries,
  };
}

function filesOf(files: SimFiles, shape: Shape, { allInOne }: Topology): MallFiles {
  if (shape === "production") return allInOne ? files.allInOneOnMysql : files.splitOnMysql;
  return allInOne ? files.allInOne : files.split;
}

function drawFaultRates(kernel: Kernel, shape: Shape, theme: Theme | undefined): FaultRates {
  const focus = theme && FOCUS[theme];
  return drawRatesOf(kernel, shape, (chance) => (chance(focus?.share ?? 0) ? focus?.place : undefined));
}

async function play(
  kernel: Kernel,
  simulation: Simulation,
  script: readonly ScriptedAction[],
  stormUntilMs: number,
): Promise<void> {
  await simulation.start();
  for (const action of script) simulation.begin(action);
  const look = (): boolean => {
    if (kernel.eventsRun % EVENTS_A_LOOK !== 0) return false;
    simulation.check();
    return simulation.isQuiet;
  };
  await kernel.run(stormUntilMs, look);
  kernel.log("sim", "the storm is over");
  simulation.calmDown();
  await kernel.run(stormUntilMs + SETTLE_MS, look);
}
