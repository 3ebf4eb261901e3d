import { Account, CUSTOMERS, customerOf, PRICE, type ScriptedAction, writeScript } from "../actors/index.ts";
import { drawRates, Faults } from "../faults/index.ts";
import { checkAcknowledged, checkAlways, readBooks } from "../invariants/index.ts";
import { Kernel, type TimelineEntry } from "../kernel/index.ts";
import { Network } from "../network/index.ts";
import { createMall, type Mall, type MallFiles, type Replicas, resetMallFiles } from "../nodes/index.ts";
import { Edge } from "../world/index.ts";
import { watchRejections } from "./watch-rejections.ts";

/** What of a run is left out, to see whether it matters. */
interface RunSubset {
  readonly actions: ReadonlySet<string>;
  readonly faults: ReadonlySet<string>;
}

export interface RunOptions {
  readonly seed: number;
  readonly files: MallFiles;
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
  readonly timeline: readonly TimelineEntry[];
}

const PRODUCTS = 2;
/** How long things fail, virtual milliseconds. */
const STORM_MS = [2_000, 40_000] as const;
/** By then everything has ended. */
const SETTLE_MS = 60_000;

/** Runs the whole mall once, as the seed has it. */
export async function runSeed(options: RunOptions): Promise<RunResult> {
  const { seed, files, subset } = options;
  const kernel = new Kernel(seed, { records: options.records ?? false });
  const plan = kernel.random("plan");
  const untilMs = plan.int(...STORM_MS);
  const only = subset === undefined ? {} : { only: subset.faults };
  const faults = new Faults(kernel, { rates: drawRates(kernel.random("rates")), untilMs, ...only });
  const run = new Run({ kernel, faults, files, replicas: drawReplicas(kernel) });
  const script = writeScript(kernel, PRODUCTS).filter(
    ({ id }) => subset === undefined || subset.actions.has(id),
  );
  const unwatch = watchRejections((error) => kernel.fail(error));
  let failure: Error | undefined;
  try {
    await run.play(script, untilMs);
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
    timeline: timeline.entries,
  };
}

function drawReplicas(kernel: Kernel): Replicas {
  const random = kernel.random("replicas");
  const some = (): number => (random.chance(0.25) ? 2 : 1);
  return { user: 1, product: some(), order: some(), pay: some() };
}

class Run {
  readonly #kernel: Kernel;
  readonly #files: MallFiles;
  readonly #mall: Mall;
  readonly #edge: Edge;
  readonly #account = new Account();
  readonly #stock: ReadonlyMap<number, number>;
  #busy = 0;

  constructor(options: {
    readonly kernel: Kernel;
    readonly faults: Faults;
    readonly files: MallFiles;
    readonly replicas: Replicas;
  }) {
    const { kernel, faults, files, replicas } = options;
    this.#kernel = kernel;
    this.#files = files;
    const stocks = kernel.random("stock");
    this.#stock = new Map(Array.from({ length: PRODUCTS }, (_, index) => [index + 1, stocks.int(1, 6)]));
    resetMallFiles(files, {
      user: Array.from({ length: CUSTOMERS + 1 }, (_, index) => ({
        table: "user",
        values: { id: index + 1, mobile: `1380000000${index}`, name: `user ${index + 1}` },
      })),
      product: [...this.#stock].map(([id, stock]) => ({
        table: "product",
        values: { id, stock, amount: PRICE },
      })),
    });
    const network = new Network(kernel, faults);
    this.#mall = createMall({ kernel, faults, network, httpFrom: () => NO_HTTP }, files, replicas);
    this.#edge = new Edge(kernel, network, this.#mall.api);
  }

  async play(script: readonly ScriptedAction[], stormUntilMs: number): Promise<void> {
    const kernel = this.#kernel;
    for (const node of this.#mall.nodes) node.start();
    for (const action of script) this.#begin(action);
    await this.#watch(stormUntilMs, () => false);
    kernel.log("sim", "the storm is over");
    for (const node of this.#mall.nodes) node.setClockRight();
    await this.#watch(stormUntilMs + SETTLE_MS, () => this.#busy === 0);
    const books = readBooks(this.#files);
    checkAlways(books, this.#account, this.#stock);
    checkAcknowledged(books, this.#account);
  }

  async #watch(untilMs: number, isOver: () => boolean): Promise<void> {
    await this.#kernel.run(untilMs, () => {
      if (this.#kernel.eventsRun % 32 === 0) checkAlways(readBooks(this.#files), this.#account, this.#stock);
      return isOver();
    });
  }

  #begin({ id, act, at, uid, pid }: ScriptedAction): void {
    const kernel = this.#kernel;
    this.#busy += 1;
    kernel.schedule(at, () => {
      const context = {
        edge: this.#edge,
        account: this.#account,
        random: kernel.random(`action ${id}`),
        customer: customerOf(uid),
        pid,
        id,
        pause: (ms: number) => kernel.pause(ms),
      };
      act(context).then(
        () => {
          this.#busy -= 1;
        },
        (error: unknown) => kernel.fail(error),
      );
    });
  }
}

const NO_HTTP = { send: () => Promise.reject(new Error("there is nothing outside yet")) };
