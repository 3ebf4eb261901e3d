import { JOB_STATE, LANE_MARK } from "@mall/kit/jobs";
import { places, type RawRow, readPages, type Snapshot } from "@mall/kit/store";

/** A job that is not over: it waits, or is dead. */
export interface OpenJob {
  readonly id: number;
  readonly kind: string;
  readonly isDead: boolean;
}

const OPEN = `state IN (${JOB_STATE.waiting}, ${JOB_STATE.dead})`;

/** Which jobs, and what they are about. */
interface Asked<Subject> {
  readonly queue: string;
  /** Of whichever account: `pay.notify` means `pay.notify@alipay` too. */
  readonly kinds: readonly string[];
  /** What a payload is about; undefined for one that cannot be read. */
  readonly subjectOf: (payload: unknown) => Subject | undefined;
  /** Only jobs about these. */
  readonly about: ReadonlySet<Subject>;
}

/** The open jobs about something, by that. */
export async function openJobsAbout<Subject>(
  snapshot: Snapshot,
  { queue, kinds, subjectOf, about }: Asked<Subject>,
): Promise<Map<Subject, OpenJob[]>> {
  const jobs = new Map<Subject, OpenJob[]>();
  const ofKinds = kinds.map((kind) => `kind = '${kind}' OR kind LIKE '${kind}${LANE_MARK}%'`).join(" OR ");
  const sql = `SELECT id, kind, state, payload FROM job WHERE queue = '${queue}' AND (${ofKinds}) AND ${OPEN} AND id > ?`;
  for await (const rows of readPages(snapshot, { sql, key: "id", from: 0 })) {
    for (const row of rows) {
      const subject = subjectOf(JSON.parse(String(row.payload)));
      if (subject === undefined || !about.has(subject)) continue;
      jobs.set(subject, [...(jobs.get(subject) ?? []), toOpenJob(row)]);
    }
  }
  return jobs;
}

/** The open jobs with these unique keys, by key. */
export async function openJobsByKey(
  snapshot: Snapshot,
  queue: string,
  keys: readonly string[],
): Promise<Map<string, OpenJob>> {
  if (keys.length === 0) return new Map();
  const sql =
    "SELECT id, kind, state, unique_key AS uniqueKey FROM job " +
    `WHERE queue = ? AND unique_key IN (${places(keys)}) AND ${OPEN}`;
  const rows = await snapshot.read({ sql, parameters: [queue, ...keys] });
  return new Map(rows.map((row) => [String(row.uniqueKey), toOpenJob(row)]));
}

/** A number that a payload has under a name. */
export function numberIn(payload: unknown, name: string): number | undefined {
  const value: unknown = typeof payload === "object" && payload !== null && Reflect.get(payload, name);
  return typeof value === "number" ? value : undefined;
}

function toOpenJob({ id, kind, state }: RawRow): OpenJob {
  return { id: Number(id), kind: String(kind), isDead: Number(state) === JOB_STATE.dead };
}
