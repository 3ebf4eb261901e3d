import type { LogFields, ProcessLogger } from "@mall/kit/log";
import { type TraceContext, traceFields } from "@mall/kit/trace";
import type { HttpRequestInfo, RpcCallInfo } from "./observer.ts";

/** Statements that take longer are reported, as by go-zero. */
export const SLOW_SQL_MS = 500;
/** Redis commands that take longer are reported, as by go-zero. */
export const SLOW_REDIS_MS = 100;

/** What clients choose is cut to these lengths. */
const PATH_LENGTH_MAX = 500;
const AGENT_LENGTH_MAX = 200;
const PEER_LENGTH_MAX = 100;
const STATEMENT_LENGTH_MAX = 500;

/** UNKNOWN, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS: the peer failed. */
const FAILURES: ReadonlySet<number> = new Set([2, 4, 8, 12, 13, 14, 15]);

/** How long a piece of work took, and where it stood. */
export interface Took {
  readonly ms: number;
  readonly trace: TraceContext | undefined;
}

/** go-zero's lines about requests and calls, without what they carry: no body, no query, no message, no value. */
export class AccessLog {
  readonly #log: ProcessLogger;

  constructor(log: ProcessLogger) {
    this.#log = log;
  }

  http(request: HttpRequestInfo, status: number, took: Took & { slowMs: number }): void {
    const path = request.path.slice(0, PATH_LENGTH_MAX);
    const peer = request.peer.slice(0, PEER_LENGTH_MAX);
    const agent = request.userAgent.slice(0, AGENT_LENGTH_MAX);
    const text = `[HTTP] ${status} - ${request.method} ${path} - ${peer} - ${agent}`;
    const fields = fieldsOf(took, status);
    if (took.ms > took.slowMs) this.#log.slow(fields, `${text} - slowcall(${fields.duration})`);
    if (status >= 500) this.#log.error(fields, text);
    else this.#log.info(fields, text);
  }

  /** A call of another process; one within this process is part of a request that has its own line. */
  rpcServer(call: RpcCallInfo, code: number, took: Took & { slowMs: number }): void {
    if (call.peer === undefined) return;
    const text = `${call.peer} - ${call.method}`;
    const fields = fieldsOf(took, code);
    if (took.ms > took.slowMs) this.#log.slow(fields, `[RPC] slowcall - ${text}`);
    else this.#log.info(fields, text);
  }

  rpcClient(call: RpcCallInfo, code: number, took: Took & { slowMs: number }): void {
    const fields = fieldsOf(took, code);
    if (FAILURES.has(code)) this.#log.error(fields, `fail - ${call.method}`);
    else if (took.ms > took.slowMs) this.#log.slow(fields, `[RPC] ok - slowcall - ${call.method}`);
  }

  slowSql(command: string, statement: string, took: Took): void {
    const text = statement.slice(0, STATEMENT_LENGTH_MAX);
    this.#log.slow(fieldsOf(took), `[SQL] ${command}: slowcall - ${text}`);
  }

  /** Without the key: it may be made of a mobile number. */
  slowRedis(command: string, took: Took): void {
    this.#log.slow(fieldsOf(took), `[REDIS] slowcall on executing: ${command}`);
  }
}

function fieldsOf({ ms, trace }: Took, code?: number): LogFields & { readonly duration: string } {
  return {
    duration: `${ms.toFixed(1)}ms`,
    ...(code === undefined ? {} : { code }),
    ...traceFields(trace),
  };
}
