import autocannon from "autocannon";
import { type CpuMeter, cpuMsOf } from "./child.ts";

/** One request of a run: its body and its token. */
export interface Shot {
  readonly body: string;
  readonly token: string;
}

export interface Target {
  readonly name: string;
  readonly url: string;
  readonly path: string;
  /** Every process that works on its requests, by name. */
  readonly processes: ReadonlyMap<string, CpuMeter>;
  /** Makes the next request. */
  next(): Shot;
}

export interface Measured {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU of all processes together, without the load generator. */
  readonly cpuMicrosPerRequest: number;
  readonly cpuMicrosByProcess: ReadonlyMap<string, number>;
}

/** The name under which the load generator itself stands in `cpuMicrosByProcess`. */
export const LOAD_GENERATOR = "load generator";

const CONNECTIONS = 64;

/** Fires at a target for a while; any answer that is not 2xx makes the run worthless and fails it. */
export async function measure(target: Target, seconds: number): Promise<Measured> {
  const meters = new Map(target.processes).set(LOAD_GENERATOR, { cpuMs: () => cpuMsOf(process.pid) });
  const before = new Map([...meters].map(([name, meter]) => [name, meter.cpuMs()]));
  const result = await autocannon({
    url: target.url,
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
    const statuses = JSON.stringify(result.statusCodeStats);
    throw new Error(`${target.name}: answers by status ${statuses}, ${result.errors} requests without one`);
  }
  const answered = result["2xx"];
  const micros = new Map(
    [...meters].map(([name, meter]) => [name, ((meter.cpuMs() - (before.get(name) ?? 0)) * 1000) / answered]),
  );
  const generator = micros.get(LOAD_GENERATOR) ?? 0;
  return {
    requestsPerSecond: answered / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    cpuMicrosPerRequest: [...micros.values()].reduce((sum, each) => sum + each, 0) - generator,
    cpuMicrosByProcess: micros,
  };
}

/** The middle one by a figure, such as its throughput. */
export function median<Run>(runs: readonly Run[], figureOf: (run: Run) => number): Run {
  const sorted = runs.toSorted((left, right) => figureOf(left) - figureOf(right));
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error("nothing was measured");
  return middle;
}
