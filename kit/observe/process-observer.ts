import type { Runtime } from "@mall/kit/runtime";
import { activeTrace, newTraceContext, type TraceContext } from "@mall/kit/trace";
import { type AccessLog, SLOW_REDIS_MS, SLOW_SQL_MS } from "./access-log.ts";
import type { Counter, CounterDefinition } from "./counter.ts";
import type { GaugeDefinition, ReadGauge } from "./gauge.ts";
import type { Metrics, StoreKind } from "./metrics.ts";
import { noopObserver } from "./noop-observer.ts";
import type {
  CacheOutcome,
  HttpRequestInfo,
  Observation,
  Observer,
  ObserverSwitches,
  RpcCallInfo,
  RpcOutcome,
  SqlCommand,
  SqlPoolName,
  SqlPoolState,
} from "./observer.ts";
import type { StartedSpan, Tracer } from "./tracer.ts";

/** go-zero's limit of what is fast. */
const SLOW_MS = 500;

/** Who looks on; at least one of the last three. */
export interface Onlookers {
  readonly runtime: Runtime;
  readonly accessLog: AccessLog | undefined;
  readonly metrics: Metrics | undefined;
  readonly tracer: Tracer | undefined;
}

/** An observer that tells all onlookers. */
export function createProcessObserver(onlookers: Onlookers, switches: ObserverSwitches = {}): Observer {
  const { accessLog, metrics, tracer } = onlookers;
  if (accessLog === undefined && metrics === undefined && tracer === undefined) return noopObserver;
  return new ProcessObserver(onlookers, switches);
}

class ProcessObserver implements Observer {
  readonly #runtime: Runtime;
  readonly #accessLog: AccessLog | undefined;
  readonly #metrics: Metrics | undefined;
  readonly #tracer: Tracer | undefined;
  readonly #traced: boolean;
  readonly #slowMs: number;
  readonly #untracedPaths: ReadonlySet<string>;
  readonly #onlookers: Onlookers;
  readonly #switches: ObserverSwitches;

  constructor(onlookers: Onlookers, switches: ObserverSwitches) {
    const { trace = true, metrics = true, log = true, slowMs = SLOW_MS, untracedPaths = [] } = switches;
    this.#onlookers = onlookers;
    this.#switches = switches;
    this.#runtime = onlookers.runtime;
    this.#accessLog = log ? onlookers.accessLog : undefined;
    this.#metrics = metrics ? onlookers.metrics : undefined;
    this.#tracer = trace ? onlookers.tracer : undefined;
    this.#traced = trace;
    this.#slowMs = slowMs;
    this.#untracedPaths = new Set(untracedPaths);
  }

  readonly http = (request: HttpRequestInfo): Observation<number> => {
    const traced = this.#traced && !this.#untracedPaths.has(request.path);
    const span = traced ? this.#tracer?.http(request) : undefined;
    const trace = traced ? (span?.trace ?? newTraceContext(this.#runtime, request.parent)) : undefined;
    return this.#observe({ trace, span }, (status, ms) => {
      const { route, method } = request;
      if (route !== undefined) this.#metrics?.http({ route, method }, status, ms);
      this.#accessLog?.http(request, status, { ms, trace, slowMs: this.#slowMs });
    });
  };

  readonly rpcServer = (call: RpcCallInfo): Observation<RpcOutcome> => {
    const span = this.#tracer?.rpcServer(call);
    const trace = this.#traced ? (span?.trace ?? newTraceContext(this.#runtime, call.parent)) : undefined;
    return this.#observe({ trace, span }, ({ code }, ms) => {
      this.#metrics?.rpc("server", { method: call.method, code }, ms);
      this.#accessLog?.rpcServer(call, code, { ms, trace, slowMs: this.#slowMs });
    });
  };

  /** A call that is not traced itself is sent on in the place of its caller. */
  readonly rpcClient = (call: RpcCallInfo): Observation<RpcOutcome> => {
    const parent = call.parent ?? activeTrace();
    const span = this.#tracer?.rpcClient({ ...call, parent });
    const trace = this.#traced ? (span?.trace ?? parent) : undefined;
    return this.#observe({ trace, span }, ({ code }, ms) => {
      this.#metrics?.rpc("client", { method: call.method, code }, ms);
      this.#accessLog?.rpcClient(call, code, { ms, trace, slowMs: this.#slowMs });
    });
  };

  readonly sql = (command: SqlCommand, text: string): Observation<unknown> => {
    const span = activeTrace() === undefined ? undefined : this.#tracer?.sql(command);
    const trace = span?.trace ?? activeTrace();
    return this.#observe({ trace, span }, (error, ms) => {
      this.#countStore("sql", command, { ms, slow: ms > SLOW_SQL_MS, error });
      if (ms > SLOW_SQL_MS) this.#accessLog?.slowSql(command, text, { ms, trace });
    });
  };

  readonly redis = (command: string): Observation<unknown> => {
    const span = activeTrace() === undefined ? undefined : this.#tracer?.redis(command);
    const trace = span?.trace ?? activeTrace();
    return this.#observe({ trace, span }, (error, ms) => {
      this.#countStore("redis", command, { ms, slow: ms > SLOW_REDIS_MS, error });
      if (ms > SLOW_REDIS_MS) this.#accessLog?.slowRedis(command, { ms, trace });
    });
  };

  /** Only traces can tell a caller's share of a statement from the statement. */
  get sqlShare(): Observer["sqlShare"] {
    const tracer = this.#tracer;
    return tracer === undefined ? undefined : (command) => tracer.sql(command);
  }

  get sqlPool(): Observer["sqlPool"] {
    const metrics = this.#metrics;
    if (metrics === undefined) return undefined;
    return (name: SqlPoolName, state: () => SqlPoolState) => metrics.pool(name, state);
  }

  get cache(): Observer["cache"] {
    const metrics = this.#metrics;
    if (metrics === undefined) return undefined;
    return (table: string, outcome: CacheOutcome) => metrics.cache(table, outcome);
  }

  counter(definition: CounterDefinition): Counter {
    return this.#metrics?.counter(definition) ?? noopObserver.counter(definition);
  }

  gauge(definition: GaugeDefinition, read: ReadGauge): void {
    this.#metrics?.gauge(definition, read);
  }

  narrow(switches: ObserverSwitches): Observer {
    return createProcessObserver(this.#onlookers, { ...this.#switches, ...switches });
  }

  #observe<Outcome>(
    started: { trace: TraceContext | undefined; span: StartedSpan<Outcome> | undefined },
    tell: (outcome: Outcome, ms: number) => void,
  ): Observation<Outcome> {
    const startedAt = this.#runtime.elapsed();
    return {
      trace: started.trace,
      end: (outcome) => {
        started.span?.end(outcome);
        tell(outcome, this.#runtime.elapsed() - startedAt);
      },
    };
  }

  #countStore(kind: StoreKind, command: string, took: { ms: number; slow: boolean; error: unknown }): void {
    this.#metrics?.store(kind, command, took);
  }
}
