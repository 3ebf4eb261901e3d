import type { Fault, Faults } from "../faults/index.ts";
import type { Kernel } from "../kernel/index.ts";
import { Engine } from "./engine.ts";
import type { Keyspace } from "./keyspace.ts";
import type { Argument, Reply } from "./reply.ts";

/** How long a server stays away that has ended, virtual milliseconds. */
const DOWN_MS = [5, 4_000] as const;
/** How long its memory stays full. */
const FULL_MS = [20, 6_000] as const;
/** Copies of what it held are at least so far apart; the oldest of them is what a failover may lead to. */
const COPY_MS = 150;
const COPIES_MAX = 6;
/** Of the keys of a server, how many it throws out at most when it makes room. */
const EVICTED_SHARE_MAX = 0.8;
/** Of its restarts: without its data, and with data that is not the newest. */
const EMPTY_SHARE = 0.3;
const OLD_SHARE = 0.3;

/** Somebody's connection to a server. */
export interface ServerConnection {
  /** The server is gone. */
  breakOff(): void;
}

/** A Redis server of the simulated world: it ends and starts again, forgets, is full. */
export class RedisServer {
  readonly name: string;
  readonly #kernel: Kernel;
  readonly #faults: Faults;
  readonly #engine: Engine;
  readonly #connections = new Set<ServerConnection>();
  readonly #copies: ReturnType<Keyspace["copy"]>[] = [];
  #copiedAt = 0;
  #upAt = 0;
  #fullUntil = Number.NEGATIVE_INFINITY;
  #pressedAt = Number.NEGATIVE_INFINITY;
  #runs = 1;

  constructor(kernel: Kernel, faults: Faults, name: string) {
    this.name = name;
    this.#kernel = kernel;
    this.#faults = faults;
    this.#engine = new Engine(() => Math.floor(kernel.now), this.#runId());
  }

  get isUp(): boolean {
    return this.#kernel.now >= this.#upAt;
  }

  /** Which of its lives this is: what was sent to an earlier one never arrives. */
  get run(): number {
    return this.#runs;
  }

  /** The texts that it holds, by their keys. */
  get texts(): ReadonlyMap<string, string> {
    const { keyspace } = this.#engine;
    const held = keyspace.keys.map((key) => [key, keyspace.get(key)] as const);
    return new Map(held.filter((each): each is readonly [string, string] => typeof each[1] === "string"));
  }

  /** Whether it had to throw something out, or had no memory left, at `at` or later. */
  hadNoMemorySince(at: number): boolean {
    return this.#pressedAt >= at || this.#fullUntil >= at;
  }

  connect(connection: ServerConnection): void {
    this.#connections.add(connection);
  }

  disconnect(connection: ServerConnection): void {
    this.#connections.delete(connection);
  }

  /**
   * Does what a command says; undefined where the server is gone, or goes before it has done it.
   *
   * @throws RedisRefusal where it refuses it.
   */
  execute(command: readonly Argument[]): Reply | undefined {
    if (!this.isUp) return undefined;
    const ending = this.#faults.strikes("redisRestart", this.name);
    if (ending !== undefined) this.#restart(ending);
    const failing = this.#faults.strikes("redisFailover", this.name);
    if (failing !== undefined) this.#failOver(failing);
    if (!this.isUp) return undefined;
    this.#press();
    this.#copyNow();
    return this.#engine.execute(command);
  }

  #restart({ random }: Fault): void {
    const draw = random.float();
    if (draw < EMPTY_SHARE) this.#engine.keyspace.restore(new Map());
    else if (draw < EMPTY_SHARE + OLD_SHARE) this.#engine.keyspace.restore(this.#copies.at(-1) ?? new Map());
    this.#begin(random.logInt(...DOWN_MS));
  }

  /** A copy takes over that has not heard of the last writes. */
  #failOver({ random }: Fault): void {
    this.#engine.keyspace.restore(this.#copies.length === 0 ? new Map() : random.pick(this.#copies));
    this.#begin(random.logInt(...DOWN_MS));
  }

  #begin(downMs: number): void {
    this.#runs += 1;
    this.#engine.runId = this.#runId();
    this.#upAt = this.#kernel.now + downMs;
    this.#kernel.log(this.name, `is gone, and back as run ${this.#runs} after ${downMs} ms`);
    for (const connection of this.#connections) connection.breakOff();
    this.#connections.clear();
  }

  #runId(): string {
    return `${this.name.replaceAll(/\W/g, "")}run${this.#runs}`;
  }

  /** Memory runs out for a while, or what is in it makes room. */
  #press(): void {
    const { keyspace } = this.#engine;
    const full = this.#faults.strikes("redisFull", this.name);
    if (full !== undefined) this.#fullUntil = this.#kernel.now + full.random.logInt(...FULL_MS);
    this.#engine.isFull = !this.#faults.over && this.#kernel.now < this.#fullUntil;
    const evicting = this.#faults.strikes("redisEviction", this.name);
    if (evicting === undefined) return;
    this.#pressedAt = this.#kernel.now;
    const share = evicting.random.float() * EVICTED_SHARE_MAX;
    for (const key of keyspace.keys) if (evicting.random.chance(share)) keyspace.delete(key);
  }

  #copyNow(): void {
    if (this.#faults.over || this.#kernel.now < this.#copiedAt + COPY_MS) return;
    this.#copiedAt = this.#kernel.now;
    this.#copies.push(this.#engine.keyspace.copy());
    if (this.#copies.length > COPIES_MAX) this.#copies.shift();
  }
}
