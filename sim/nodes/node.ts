import type { Cache } from "@mall/kit/cache";
import type { Database } from "@mall/kit/store";
import type { Faults } from "../faults/index.ts";
import type { Kernel, Random } from "../kernel/index.ts";
import type { SimRedis } from "../redis/index.ts";
import type { Disk, ProcessStorage, StorageHost } from "../storage/index.ts";
import { Epoch } from "./epoch.ts";
import { createSimLog } from "./sim-log.ts";

/** What all processes of a run share. */
export interface NodeWorld {
  readonly kernel: Kernel;
  readonly faults: Faults;
  /** Where rows are cached; undefined: nowhere. */
  readonly redis: SimRedis | undefined;
  /** How long a statement takes at most, virtual milliseconds. */
  readonly statementMs: number;
}

/** The part of a database that a process works on. */
export interface NodeStorage {
  readonly file: ProcessStorage;
  readonly disk: Disk;
}

const SLOW_STATEMENT_MS = [300, 5_000] as const;
/** What every process does every few seconds, and nobody wants to read. */
const LOOK_FOR_JOBS = /^(reads )?SELECT MIN\(kind\)/;
/** How long a process that has ended stays away, virtual milliseconds. */
const DOWN_MS = [5, 6_000] as const;
const CLOCK_JUMP_MS = 60_000;

/** A process of the mall: it is started, dies, is started again. */
export abstract class Node {
  readonly name: string;
  protected readonly world: NodeWorld;
  protected readonly random: Random;
  readonly #clock = { offsetMs: 0 };
  #epoch: Epoch | undefined;
  #lives = 0;

  constructor(name: string, world: NodeWorld) {
    this.name = name;
    this.world = world;
    this.random = world.kernel.random(`node ${name}`);
  }

  /** How often it was started. */
  get lives(): number {
    return this.#lives;
  }

  /** Starts the process. */
  start(): void {
    const { kernel, faults } = this.world;
    this.#lives += 1;
    kernel.log(this.name, `starts, life ${this.#lives}`);
    const epoch = new Epoch({
      name: this.name,
      kernel,
      faults,
      random: kernel.random(`process ${this.name} ${this.#lives}`),
      clock: this.#clock,
      onDeath: (_epoch, byFault) => this.#die(byFault),
    });
    this.#epoch = epoch;
    this.boot(epoch).then(
      () => kernel.log(this.name, "serves"),
      (error: unknown) => {
        if (!epoch.alive) return;
        kernel.detail(this.name, () => `cannot start: ${error}`);
        this.#die("a failed start");
      },
    );
  }

  /** The clocks are set right, as they are where nothing fails. */
  setClockRight(): void {
    this.#clock.offsetMs = 0;
  }

  /** The database of a life of the process. */
  protected openDatabase(epoch: Epoch, { file, disk }: NodeStorage): Database {
    const { kernel, faults, statementMs } = this.world;
    const host: StorageHost = {
      runtime: epoch.runtime,
      turn: async (what) => {
        this.#stir();
        const slow = faults.strikes("slowStatement", this.name);
        await epoch.pause(slow?.random.int(...SLOW_STATEMENT_MS) ?? this.random.float() * statementMs);
        if (kernel.timeline.records) this.#tell(what());
      },
      strikes: (kind) => faults.strikes(kind, this.name) !== undefined,
    };
    return file.open(host, () => disk.refusal());
  }

  /** The cache of a life of the process: one for all who ask for it. */
  protected openCache(epoch: Epoch): () => Promise<Cache | undefined> {
    const { kernel, redis } = this.world;
    const cache = redis?.open(epoch, createSimLog(kernel, this.name));
    return async () => cache;
  }

  #tell(what: string): void {
    if (!LOOK_FOR_JOBS.test(what)) this.world.kernel.detail(this.name, () => what);
  }

  /** Lets the wall clock jump where a fault says so. */
  #stir(): void {
    const fault = this.world.faults.strikes("clockJump", this.name);
    if (fault === undefined) return;
    const share = (fault.random.float() * 2 - 1) ** 3;
    this.#clock.offsetMs = Math.floor(share * CLOCK_JUMP_MS);
    this.world.kernel.log(this.name, `clock is off by ${this.#clock.offsetMs} ms`);
  }

  /** Builds what the process is made of; resolves when it serves. */
  protected abstract boot(epoch: Epoch): Promise<void>;

  /** Takes away what an ended process had. */
  protected abstract bury(): void;

  #die(cause: string): void {
    const { kernel } = this.world;
    if (this.#epoch !== undefined) this.#epoch.alive = false;
    this.#epoch = undefined;
    kernel.log(this.name, `ends by ${cause}`);
    this.bury();
    kernel.schedule(this.random.int(...DOWN_MS), () => this.start());
  }
}
