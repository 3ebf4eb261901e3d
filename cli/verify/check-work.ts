import { KEY_STATE } from "@mall/kit/idempotency";
import { JOB_STATE } from "@mall/kit/jobs";
import { SAGA_STATE } from "@mall/kit/saga";
import { type Database, type RawRow, readPages, type Snapshot } from "@mall/kit/store";
import { found, since } from "./finding.ts";
import type { LookedAt } from "./mall-databases.ts";
import { openJobsAbout } from "./open-jobs.ts";
import { toTime } from "./pay-file.ts";
import { isYoung, type Verification } from "./verification.ts";

/** What was looked at in all databases. */
export interface WorkSeen {
  jobs: number;
  sagas: number;
  keys: number;
}

/** Waits by design: for a buyer, for a channel's books, or for the next time; of whichever account. Standing jobs have their kind for a key. */
const PATIENT_JOBS = ["pay.query-attempt", "pay.late-fee"] as const;
/** Whose databases have the table of jobs; that of sagas in hand is the order service's, that of keys everybody's. */
const WITH_JOBS: readonly LookedAt[] = ["order", "pay"];
const DRIVE_JOB = "saga.drive";

const JOBS =
  "SELECT id, queue, kind, unique_key AS uniqueKey, state, due_at AS dueAt, payload, error FROM job " +
  `WHERE state IN (${JOB_STATE.waiting}, ${JOB_STATE.dead}) AND id > ?`;
const SAGAS =
  "SELECT id, gid, kind, create_time AS createTime FROM saga " +
  `WHERE state IN (${SAGA_STATE.forward}, ${SAGA_STATE.back}) AND id > ?`;
const KEYS =
  "SELECT id, owner, method, reference, created_at AS createdAt FROM idempotency " +
  `WHERE state = ${KEY_STATE.running} AND id > ?`;

/** Looks for jobs, sagas and keys of a database that have not come to their end. */
export async function checkWork(
  verification: Verification,
  snapshot: Snapshot,
  { database, services, seen }: { database: Database; services: readonly LookedAt[]; seen: WorkSeen },
): Promise<void> {
  if (services.some((service) => WITH_JOBS.includes(service))) await checkJobs(verification, snapshot, seen);
  if (services.includes("order")) await checkSagas(verification, snapshot, { database, seen });
  for await (const rows of readPages(snapshot, { sql: KEYS, key: "id", from: 0 })) {
    seen.keys += rows.length;
    for (const row of rows) await checkKey(verification, row);
  }
}

async function checkJobs(verification: Verification, snapshot: Snapshot, seen: WorkSeen): Promise<void> {
  for await (const rows of readPages(snapshot, { sql: JOBS, key: "id", from: 0 })) {
    seen.jobs += rows.length;
    for (const row of rows) await checkJob(verification, row);
  }
}

async function checkJob(verification: Verification, row: RawRow): Promise<void> {
  const { report, now } = verification;
  const [id, kind, dueAt] = [Number(row.id), String(row.kind), Number(row.dueAt)];
  const name = `job ${id} (${kind} ${row.payload})`;
  const rows = { job: id };
  if (Number(row.state) === JOB_STATE.dead) {
    await report(
      found("JOB_DEAD", { text: `${name}: given up${since(new Date(dueAt))}: ${row.error}`, rows }),
    );
    return;
  }
  const isLate = dueAt < now;
  const isPatient = row.uniqueKey === kind || PATIENT_JOBS.some((each) => kind.startsWith(each));
  const isYoungEnough = !isLate || isYoung(verification, dueAt);
  if (isPatient && isYoungEnough) return;
  const text = isLate ? `${name}: due${since(new Date(dueAt))}` : `${name}: to be done`;
  await report(found("JOB_LATE", { text, rows, isUnderWay: isYoungEnough }));
}

async function checkSagas(
  verification: Verification,
  snapshot: Snapshot,
  { database: { times }, seen }: { database: Database; seen: WorkSeen },
): Promise<void> {
  for await (const rows of readPages(snapshot, { sql: SAGAS, key: "id", from: 0 })) {
    seen.sagas += rows.length;
    const about = new Set(rows.map(({ gid }) => String(gid)));
    const jobs = await openJobsAbout(snapshot, {
      queue: "order",
      kinds: [DRIVE_JOB],
      subjectOf: gidIn,
      about,
    });
    for (const row of rows) {
      const gid = String(row.gid);
      const begun = toTime(row.createTime, times);
      const isDriven = (jobs.get(gid) ?? []).some(({ isDead }) => !isDead);
      const text = `saga ${gid} (${row.kind}): under way${since(begun)}${isDriven ? "" : ", and no job drives it"}`;
      const kind = isDriven ? "SAGA_OPEN" : "SAGA_UNDRIVEN";
      const isUnderWay = isDriven && isYoung(verification, begun);
      await verification.report(found(kind, { text, rows: { saga: gid }, isUnderWay }));
    }
  }
}

function gidIn(payload: unknown): string | undefined {
  const gid: unknown = typeof payload === "object" && payload !== null && Reflect.get(payload, "gid");
  return typeof gid === "string" ? gid : undefined;
}

async function checkKey(verification: Verification, row: RawRow): Promise<void> {
  const createdAt = Number(row.createdAt);
  const reference = row.reference === null ? "" : `, for ${row.reference}`;
  // The key itself is its client's.
  const text = `idempotency ${row.id} (${row.owner}, ${row.method}${reference}): no answer${since(new Date(createdAt))}`;
  const isUnderWay = isYoung(verification, createdAt);
  await verification.report(found("KEY_OPEN", { text, rows: { idempotency: Number(row.id) }, isUnderWay }));
}
