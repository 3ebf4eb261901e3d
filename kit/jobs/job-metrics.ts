import type { GaugeReading, Observer } from "@mall/kit/observe";
import type { Runtime } from "@mall/kit/runtime";
import type { AttemptEnd } from "./job-attempt.ts";
import type { JobCount } from "./job-store.ts";

/** What the workers of a queue count. */
export interface JobMetrics {
  /** An attempt of a job of this kind ended. */
  attempted(kind: string, end: AttemptEnd): void;
}

export interface JobMetricsOptions {
  readonly observer: Observer;
  readonly runtime: Runtime;
  readonly queue: string;
  /** The kinds of the queue by name, which are shown also where there is none of them. */
  readonly kinds: ReadonlyMap<string, unknown>;
  count(): Promise<readonly JobCount[]>;
}

/** The rows are counted at most this often, milliseconds, however many gauges and fetches there are. */
const COUNT_MS_MIN = 5_000;

/** The figures of one queue. The gauges show what the table holds, so every process of a service shows the same. */
export function createJobMetrics(options: JobMetricsOptions): JobMetrics {
  const { observer, queue } = options;
  const attempts = observer.counter({
    name: "mall_jobs_attempts_total",
    help: "Attempts of jobs by how they ended: done, again (asked to be called later), failed, dead (given up).",
    labels: ["queue", "kind", "outcome"],
  });
  const read = readGaugeOf(options);
  const labels = ["queue", "kind"];
  observer.gauge(
    { name: "mall_jobs_waiting", help: "Jobs that are not over, those that are run included.", labels },
    read((counts) => counts.waiting?.jobs ?? 0),
  );
  observer.gauge(
    { name: "mall_jobs_dead", help: "Jobs that were given up and wait for an operator.", labels },
    read((counts) => counts.dead?.jobs ?? 0),
  );
  observer.gauge(
    { name: "mall_jobs_oldest_age_seconds", help: "Age of the oldest job that is not over.", labels },
    read(({ waiting }, now) => secondsSince(waiting?.firstCreatedAt, now)),
  );
  observer.gauge(
    {
      name: "mall_jobs_overdue_seconds",
      help: "For how long the job has been due that has been for longest.",
      labels,
    },
    read(({ waiting }, now) => secondsSince(waiting?.firstDueAt, now)),
  );
  return {
    attempted: (kind, end) => attempts.add(1, queue, kind, end),
  };
}

/** What is counted of one kind. */
interface KindCounts {
  readonly waiting: JobCount | undefined;
  readonly dead: JobCount | undefined;
}

/** Makes gauges that show one figure for each kind, all out of the same count of the rows. */
function readGaugeOf({ runtime, queue, kinds, count }: JobMetricsOptions) {
  let counted: Promise<readonly JobCount[]> = Promise.resolve([]);
  let countedAt = Number.NEGATIVE_INFINITY;
  const latest = (): Promise<readonly JobCount[]> => {
    const now = runtime.elapsed();
    if (now - countedAt >= COUNT_MS_MIN) {
      countedAt = now;
      counted = count();
    }
    return counted;
  };
  return (figure: (counts: KindCounts, now: number) => number) => async (): Promise<GaugeReading[]> => {
    const counts = await latest();
    const shown = new Set([...kinds.keys(), ...counts.map(({ kind }) => kind)]);
    return [...shown].map((kind) => {
      const own = counts.filter((each) => each.kind === kind);
      const waiting = own.find(({ isDead }) => !isDead);
      const dead = own.find(({ isDead }) => isDead);
      return { labels: [queue, kind], value: figure({ waiting, dead }, runtime.now()) };
    });
  };
}

function secondsSince(time: number | undefined, now: number): number {
  return time === undefined ? 0 : Math.max(0, now - time) / 1000;
}
