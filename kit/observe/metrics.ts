import { AppError } from "@mall/kit/errors";
import type { Histogram, Counter as PromCounter, Registry } from "prom-client";
import type { Counter, CounterDefinition } from "./counter.ts";
import type { GaugeDefinition, GaugeReading, ReadGauge } from "./gauge.ts";
import type { CacheOutcome, SqlPoolName, SqlPoolState } from "./observer.ts";

/** go-zero's buckets, milliseconds (rest/handler, zrpc/internal, core/stores of its current version). */
const HTTP_BUCKETS = [5, 10, 25, 50, 100, 250, 500, 750, 1000];
const RPC_BUCKETS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2000, 5000];
const STORE_BUCKETS = [
  0.25, 0.5, 1, 1.5, 2, 3, 5, 10, 25, 50, 100, 250, 500, 1000, 2000, 5000, 10_000, 15_000,
];

/** Which of the two kinds of stores a figure is about. */
export type StoreKind = "sql" | "redis";

type Prom = typeof import("prom-client");

/**
 * The figures of one process under go-zero's names and labels, with those of Node's runtime. The library is
 * loaded by whoever makes one, so that a process without metrics does without it.
 */
export class Metrics {
  readonly #prom: Prom;
  readonly #figures: Registry;
  readonly #http: Timed<"path" | "method" | "code", "path" | "method" | "code">;
  readonly #rpc: Readonly<Record<"server" | "client", Timed<"method", "method" | "code">>>;
  readonly #stores: Readonly<Record<StoreKind, StoreMetrics>>;
  readonly #cache: PromCounter<"table" | "outcome">;
  readonly #counters = new Map<string, Counter>();
  readonly #gauges = new Map<string, ReadGauge[]>();
  readonly #pools: { readonly name: SqlPoolName; readonly state: () => SqlPoolState }[] = [];

  constructor(prom: Prom) {
    this.#prom = prom;
    this.#figures = new prom.Registry();
    prom.collectDefaultMetrics({ register: this.#figures });
    const httpLabels = ["path", "method", "code"] as const;
    this.#http = this.#timed("http_server", "http server requests", [httpLabels, httpLabels, HTTP_BUCKETS]);
    this.#rpc = { server: this.#rpcSide("server"), client: this.#rpcSide("client") };
    this.#stores = { sql: this.#store("sql"), redis: this.#store("redis") };
    this.#cache = this.#counterOf("mall_cache_lookups_total", "looks for a row in the cache by outcome", [
      "table",
      "outcome",
    ]);
    this.#definePools();
  }

  http(request: { route: string; method: string }, code: number, ms: number): void {
    const labels = { path: request.route, method: request.method, code: String(code) };
    this.#http.duration.observe(labels, ms);
    this.#http.total.inc(labels);
  }

  rpc(side: "server" | "client", call: { method: string; code: number }, ms: number): void {
    const { method, code } = call;
    this.#rpc[side].duration.observe({ method }, ms);
    this.#rpc[side].total.inc({ method, code: String(code) });
  }

  /** One SQL statement or Redis command; `slow` where it took longer than its kind should. */
  store(kind: StoreKind, command: string, took: { ms: number; slow: boolean; error: unknown }): void {
    const { duration, errors, slow } = this.#stores[kind];
    duration.observe({ command }, took.ms);
    if (took.slow) slow.inc({ command });
    if (took.error !== undefined) errors.inc({ command, error: errorKind(took.error) });
  }

  cache(table: string, outcome: CacheOutcome): void {
    this.#cache.inc({ table, outcome });
  }

  /** Reports a connection pool from now on. */
  pool(name: SqlPoolName, state: () => SqlPoolState): void {
    this.#pools.push({ name, state });
  }

  /** The counter of this name; made the first time it is asked for. */
  counter(definition: CounterDefinition): Counter {
    const known = this.#counters.get(definition.name);
    if (known !== undefined) return known;
    const made = this.#counterOf(definition.name, definition.help, definition.labels);
    // A counter without labels is there from the start, so that its first event is seen as a rise.
    const counter: Counter = {
      add: (amount, ...labels) => {
        if (labels.length === 0) made.inc(amount);
        else made.labels(...labels).inc(amount);
      },
    };
    this.#counters.set(definition.name, counter);
    return counter;
  }

  /** Shows a gauge from now on, beside others of the same name. */
  gauge({ name, help, labels }: GaugeDefinition, read: ReadGauge): void {
    const known = this.#gauges.get(name);
    if (known !== undefined) {
      known.push(read);
      return;
    }
    const readers = [read];
    this.#gauges.set(name, readers);
    new this.#prom.Gauge({
      name,
      help,
      labelNames: labels,
      registers: [this.#figures],
      async collect() {
        const readings = await Promise.all(readers.map(readOrNothing));
        this.reset();
        for (const { labels: values, value } of readings.flat()) this.labels(...values).set(value);
      },
    });
  }

  get contentType(): string {
    return this.#figures.contentType;
  }

  /** All figures in Prometheus' text format. */
  scrape(): Promise<string> {
    return this.#figures.metrics();
  }

  #rpcSide(side: "server" | "client"): Timed<"method", "method" | "code"> {
    return this.#timed(`rpc_${side}`, `rpc ${side} requests`, [["method"], ["method", "code"], RPC_BUCKETS]);
  }

  #timed<D extends string, C extends string>(
    prefix: string,
    what: string,
    [durationLabels, totalLabels, buckets]: readonly [readonly D[], readonly C[], readonly number[]],
  ): Timed<D, C> {
    const duration = new this.#prom.Histogram({
      name: `${prefix}_requests_duration_ms`,
      help: `${what} duration(ms).`,
      labelNames: durationLabels,
      buckets: [...buckets],
      registers: [this.#figures],
    });
    return {
      duration,
      total: this.#counterOf(`${prefix}_requests_code_total`, `${what} code count.`, totalLabels),
    };
  }

  #store(kind: StoreKind): StoreMetrics {
    const prefix = `${kind}_client_requests`;
    return {
      duration: new this.#prom.Histogram({
        name: `${prefix}_duration_ms`,
        help: `${kind} client requests duration(ms).`,
        labelNames: ["command"],
        buckets: STORE_BUCKETS,
        registers: [this.#figures],
      }),
      errors: this.#counterOf(`${prefix}_error_total`, `${kind} client requests error count.`, [
        "command",
        "error",
      ]),
      slow: this.#counterOf(`${prefix}_slow_total`, `${kind} client requests slow count.`, ["command"]),
    };
  }

  #counterOf<L extends string>(name: string, help: string, labelNames: readonly L[]): PromCounter<L> {
    return new this.#prom.Counter({ name, help, labelNames, registers: [this.#figures] });
  }

  /** go-zero's figures of a pool, as far as the driver here has them: it closes no connection for its age. */
  #definePools(): void {
    const figures: readonly [string, string, (state: SqlPoolState) => number][] = [
      ["max_open_connections", "Maximum number of open connections.", ({ maxOpen }) => maxOpen],
      ["open_connections", "Connections in use or idle.", ({ open }) => open],
      ["in_use_connections", "Connections in use.", ({ inUse }) => inUse],
      ["idle_connections", "Idle connections.", ({ open, inUse }) => open - inUse],
      ["wait_count_total", "Times that a connection was waited for.", ({ waitCount }) => waitCount],
      ["wait_duration_seconds_total", "Seconds waited for connections.", ({ waitSeconds }) => waitSeconds],
    ];
    const pools = this.#pools;
    for (const [name, help, read] of figures) {
      new this.#prom.Gauge({
        name: `sql_client_${name}`,
        help,
        labelNames: ["db_name", "hash"],
        registers: [this.#figures],
        collect() {
          for (const { name, state } of pools) {
            this.set({ db_name: name.database, hash: name.hash }, read(state()));
          }
        },
      });
    }
  }
}

interface Timed<D extends string, C extends string> {
  readonly duration: Histogram<D>;
  readonly total: PromCounter<C>;
}

interface StoreMetrics {
  readonly duration: Histogram<"command">;
  readonly errors: PromCounter<"command" | "error">;
  readonly slow: PromCounter<"command">;
}

/** One part that cannot tell, such as a database that is away, does not take the other figures with it. */
async function readOrNothing(read: ReadGauge): Promise<readonly GaugeReading[]> {
  try {
    return await read();
  } catch {
    return [];
  }
}

/** A label of few values: the code of an AppError, else the class. */
function errorKind(error: unknown): string {
  if (error instanceof AppError) return error.code;
  return error instanceof Error ? error.constructor.name : "unknown";
}
