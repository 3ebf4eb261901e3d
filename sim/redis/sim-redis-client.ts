import type { CacheClient } from "@mall/kit/cache";
import type { Faults } from "../faults/index.ts";
import { hashText, type Kernel, type Owner } from "../kernel/index.ts";
import { RedisConnection } from "./redis-connection.ts";
import { type RedisDistance, RedisLink } from "./redis-link.ts";
import type { RedisServer } from "./redis-server.ts";
import type { Argument, Reply } from "./reply.ts";

/** As the mall's own connections: how long to wait before the next attempt, and for one. */
const RETRY_MS_MIN = 20;
const RETRY_MS_MAX = 500;
const CONNECT_MS_MAX = 2_000;
/** Well below what the cache waits for an answer. */
const ANSWER_MS_MAX = 190;

type ClientEvent = Parameters<CacheClient["on"]>[0];

export interface SimRedisClientOptions {
  readonly kernel: Kernel;
  readonly faults: Faults;
  /** The life of the process that it belongs to. */
  readonly owner: Owner & { readonly name: string };
  /** One, or all masters of a cluster. */
  readonly servers: readonly RedisServer[];
  readonly isCluster: boolean;
  readonly distance: RedisDistance;
}

/** What ioredis is to the cache, on simulated connections: it connects again by itself, and queues nothing. */
export class SimRedisClient implements CacheClient {
  readonly nodes?: (role: "master") => ServerClient[];
  readonly #servers: readonly ServerClient[];
  readonly #kernel: Kernel;
  #wellSince = Number.POSITIVE_INFINITY;
  readonly #listeners = new Map<ClientEvent, (() => void)[]>();

  constructor(options: SimRedisClientOptions) {
    const { isCluster } = options;
    this.#kernel = options.kernel;
    const onTrouble = (): void => {
      this.#wellSince = Number.POSITIVE_INFINITY;
    };
    const onLost = (): void => {
      onTrouble();
      this.#emit(isCluster ? "-node" : "close");
    };
    const onFound = (): void => {
      if (isCluster) this.#emit("+node");
    };
    this.#servers = options.servers.map(
      (server) => new ServerClient({ ...options, server, onTrouble, onLost, onFound }),
    );
    if (isCluster) this.nodes = () => [...this.#servers];
  }

  /** Since when it has answered everything within what the cache waits for; Infinity where it does not. */
  get wellSince(): number {
    return this.#wellSince;
  }

  get status(): string {
    return this.#servers.some(({ isReady }) => isReady) ? "ready" : "connecting";
  }

  async mget(...keys: string[]): Promise<(string | null)[]> {
    const reply = await this.#serverOf(keys[0]).send(["MGET", ...keys]);
    return listOf(reply).map((each) => (typeof each === "string" ? each : null));
  }

  eval(script: string, keyCount: number, ...args: Argument[]): Promise<Reply> {
    return this.#serverOf(args[0]).send(["EVAL", script, keyCount, ...args]);
  }

  async hexists(key: string, field: string): Promise<number> {
    return Number(await this.#serverOf(key).send(["HEXISTS", key, field]));
  }

  async hset(key: string, field: string, value: string): Promise<number> {
    return Number(await this.#serverOf(key).send(["HSET", key, field, value]));
  }

  async expire(key: string, seconds: number): Promise<number> {
    return Number(await this.#serverOf(key).send(["EXPIRE", key, seconds]));
  }

  async ping(): Promise<string> {
    const reply = await this.#serverOf(undefined).send(["PING"]);
    if (this.#wellSince === Number.POSITIVE_INFINITY) this.#wellSince = this.#kernel.now;
    return String(reply);
  }

  info(section: "server"): Promise<string> {
    return this.#serverOf(undefined).info(section);
  }

  scan(...args: Parameters<CacheClient["scan"]>): ReturnType<CacheClient["scan"]> {
    return this.#serverOf(undefined).scan(...args);
  }

  del(...keys: string[]): Promise<number> {
    return this.#serverOf(keys[0]).del(...keys);
  }

  on(event: ClientEvent, listener: () => void): void {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
  }

  disconnect(reconnect = false): void {
    for (const server of this.#servers) server.disconnect(reconnect);
  }

  /** In a cluster, what is in a key's braces decides. */
  #serverOf(key: Argument | undefined): ServerClient {
    const text = String(key ?? "");
    const tag = /\{([^}]+)\}/.exec(text)?.[1] ?? text;
    const index = key === undefined ? 0 : hashText(tag) % this.#servers.length;
    const server = this.#servers[index];
    if (server === undefined) throw new Error("a Redis without servers");
    return server;
  }

  #emit(event: ClientEvent): void {
    for (const listener of this.#listeners.get(event) ?? []) listener();
  }
}

interface ServerClientOptions extends SimRedisClientOptions {
  readonly server: RedisServer;
  /** A command was not answered in time. */
  readonly onTrouble: () => void;
  readonly onLost: () => void;
  readonly onFound: () => void;
}

/** The connection to one server, and the next one after it. */
class ServerClient {
  readonly #options: ServerClientOptions;
  readonly #link: RedisLink;
  #connection: RedisConnection | undefined;
  #attempts = 0;
  #isOver = false;

  constructor(options: ServerClientOptions) {
    this.#options = options;
    const { owner, server, distance } = options;
    this.#link = new RedisLink(options, `${owner.name}>${server.name}`, distance);
    this.#connect();
  }

  get isReady(): boolean {
    return this.#connection !== undefined;
  }

  send(command: readonly Argument[]): Promise<Reply> {
    if (this.#connection === undefined) return Promise.reject(new Error("Stream isn't writeable"));
    const { kernel, owner, onTrouble } = this.#options;
    const late = kernel.schedule(ANSWER_MS_MAX, onTrouble, owner);
    const answer = this.#connection.send(command);
    const inTime = (): void => late.cancel();
    answer.then(inTime, inTime);
    return answer;
  }

  async info(section: "server"): Promise<string> {
    return String(await this.send(["INFO", section]));
  }

  async scan(...args: Parameters<CacheClient["scan"]>): ReturnType<CacheClient["scan"]> {
    const [cursor, keys] = listOf(await this.send(["SCAN", ...args]));
    return [String(cursor), listOf(keys ?? []).map(String)];
  }

  async del(...keys: string[]): Promise<number> {
    return Number(await this.send(["DEL", ...keys]));
  }

  disconnect(reconnect: boolean): void {
    this.#isOver = !reconnect;
    this.#connection?.close();
  }

  #connect(): void {
    const { kernel, owner, server } = this.#options;
    const ms = this.#link.way("there") + this.#link.way("back");
    const arrive = (): void => {
      if (ms > CONNECT_MS_MAX || !server.isUp) this.#lost();
      else this.#connected();
    };
    kernel.schedule(Math.min(ms, CONNECT_MS_MAX), arrive, owner);
  }

  #connected(): void {
    const { onFound } = this.#options;
    if (this.#isOver) return;
    this.#attempts = 0;
    this.#connection = new RedisConnection({
      ...this.#options,
      link: this.#link,
      onClose: () => this.#lost(),
    });
    onFound();
  }

  #lost(): void {
    this.#connection = undefined;
    if (this.#isOver) return;
    const { kernel, owner, onLost } = this.#options;
    this.#attempts += 1;
    const ms = Math.min(RETRY_MS_MIN * 2 ** Math.min(this.#attempts, 10), RETRY_MS_MAX);
    kernel.schedule(ms, () => this.#connect(), owner);
    onLost();
  }
}

function listOf(reply: Reply): readonly Reply[] {
  if (Array.isArray(reply)) return reply;
  throw new Error(`not a list: ${reply}`);
}
