import type { TraceContext } from "@mall/kit/trace";
import type { Counter, CounterDefinition } from "./counter.ts";
import type { GaugeDefinition, ReadGauge } from "./gauge.ts";

/** One piece of work, from the moment its hook was called. */
export interface Observation<Outcome> {
  /** What the work's own calls and log lines belong to; undefined where traces are not to be seen. */
  readonly trace: TraceContext | undefined;
  /** Says, once, how it ended. */
  end(outcome: Outcome): void;
}

/** An HTTP request that arrived. */
export interface HttpRequestInfo {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  /** Pattern of the route; undefined where none matched. */
  readonly route: string | undefined;
  /** `address:port` of the client, or what a proxy says it is. */
  readonly peer: string;
  readonly userAgent: string;
  readonly parent: TraceContext | undefined;
}

/** A gRPC call, on either side. */
export interface RpcCallInfo {
  /** `/user.User/Login` */
  readonly method: string;
  /** `address:port` of the other side; undefined where it is not known, or is this process itself. */
  readonly peer: string | undefined;
  readonly parent: TraceContext | undefined;
  /** Size of the encoded request; undefined where it is not encoded. */
  readonly requestBytes: number | undefined;
}

/** How a gRPC call ended. */
export interface RpcOutcome {
  /** gRPC status number, 0 for success. */
  readonly code: number;
  readonly responseBytes: number | undefined;
}

/** What a statement does, in go-zero's words: reads are queries, the rest is executed. */
export type SqlCommand = "query" | "exec" | "queryStmt" | "execStmt";

/** Which database a pool is of. */
export interface SqlPoolName {
  readonly database: string;
  /** Tells databases of one name on different servers apart. */
  readonly hash: string;
}

/** A connection pool at one moment. */
export interface SqlPoolState {
  readonly maxOpen: number;
  readonly open: number;
  readonly inUse: number;
  /** How often a caller had to wait for a connection, and for how many seconds in all. */
  readonly waitCount: number;
  readonly waitSeconds: number;
}

/** What became of the look for a row in the cache. `unavailable`: Redis did not answer, so SQL did. */
export type CacheOutcome = "hit" | "miss" | "unavailable";

/** Which of an observer's eyes are open; all by default. */
export interface ObserverSwitches {
  readonly trace?: boolean;
  readonly metrics?: boolean;
  /** Access lines and lines about failed or slow work. */
  readonly log?: boolean;
  /** From how many milliseconds on a request or call counts as slow; 500 by default. */
  readonly slowMs?: number;
  /** Paths of requests that are not traced. */
  readonly untracedPaths?: readonly string[];
}

/**
 * Who wants to know what a process does. A hook that is undefined means that nobody does: the work then costs
 * one look at the property and nothing else.
 */
export interface Observer {
  readonly http: ((request: HttpRequestInfo) => Observation<number>) | undefined;
  readonly rpcServer: ((call: RpcCallInfo) => Observation<RpcOutcome>) | undefined;
  readonly rpcClient: ((call: RpcCallInfo) => Observation<RpcOutcome>) | undefined;
  /** A statement that goes to the database, `text` with placeholders. Ends with the error it failed with, if any. */
  readonly sql: ((command: SqlCommand, text: string) => Observation<unknown>) | undefined;
  /** A caller that waits for its part of a statement shared by many. Ends as `sql`. */
  readonly sqlShare: ((command: SqlCommand) => Observation<unknown>) | undefined;
  /** The connection pool of a database, asked for its state whenever metrics are fetched. */
  readonly sqlPool: ((name: SqlPoolName, state: () => SqlPoolState) => void) | undefined;
  /** A command (`GET`) or a `Pipeline`. Ends as `sql`. */
  readonly redis: ((command: string) => Observation<unknown>) | undefined;
  /** A look for a row in the cache; `table` names what is cached. */
  readonly cache: ((table: string, outcome: CacheOutcome) => void) | undefined;
  /** A counter of the business; asking again for the same name gives the same one. */
  counter(definition: CounterDefinition): Counter;
  /** Shows a gauge from now on; several parts of a process may show one of the same name, with other labels. */
  gauge(definition: GaugeDefinition, read: ReadGauge): void;
  /** This observer with some of its eyes closed. */
  narrow(switches: ObserverSwitches): Observer;
}
