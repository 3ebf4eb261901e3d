import autocannon from "autocannon";
import type { Child } from "./child.ts";

/** One request of a run: its body and its token. */
export interface Shot {
  readonly body: string;
  readonly token: string;
}

export interface Target {
  readonly name: string;
  readonly server: Child;
  readonly path: string;
  /** Makes the next request. */
  next(): Shot;
}

export interface Measured {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMicrosPerRequest: number;
}

const CONNECTIONS = 64;

/** Fires at a target for a while; any answer that is not 2xx makes the run worthless and fails it. */
export async function measure(target: Target, seconds: number): Promise<Measured> {
  const cpuBefore = target.server.cpuMs();
  const result = await autocannon({
    url: target.server.url,
    connections: CONNECTIONS,
    duration: seconds,
    requests: [
      {
        method: "POST",
        path: target.path,
        setupRequest: (request) => {
          const { body, token } = target.next();
          return {
            ...request,
            body,
            headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
          };
        },
      },
    ],
  });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${target.name}: ${result.non2xx} answers were not 2xx, ${result.errors} failed`);
  }
  const answered = result["2xx"];
  return {
    requestsPerSecond: answered / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    cpuMicrosPerRequest: ((target.server.cpuMs() - cpuBefore) * 1000) / answered,
  };
}

/** The middle one by throughput. */
export function median(runs: readonly Measured[]): Measured {
  const sorted = runs.toSorted((left, right) => left.requestsPerSecond - right.requestsPerSecond);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error("nothing was measured");
  return middle;
}
