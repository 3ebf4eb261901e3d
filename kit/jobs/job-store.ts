import { createBatcher } from "@mall/kit/async";
import {
  type Database,
  DuplicateKeyError,
  type RawRow,
  type RowTransaction,
  type SqlValue,
  type Transaction,
} from "@mall/kit/store";
import { JOB_STATE } from "./job-state.ts";
import { createJobModelGen, type JobModelGen, type NewJobRow } from "./model/gen/job-model.ts";

/** A job whose next attempt is its holder's until `until`, milliseconds since the epoch. */
export interface ClaimedJob {
  readonly id: number;
  readonly kind: string;
  /** JSON. */
  readonly payload: string;
  readonly claim: string;
  readonly until: number;
  /** Attempts that were begun, this one included. */
  readonly attempts: number;
  /** Attempts that failed in a row before this one. */
  readonly failures: number;
  /** When the first of them did, milliseconds since the epoch; 0 for none. */
  readonly failingSince: number;
  /** True where the last attempt began and nobody heard of its end. */
  readonly wasLost: boolean;
  readonly createdAt: number;
}

/** A job before it is claimed, with what it must still hold for that. */
interface DueJob extends Omit<ClaimedJob, "until" | "wasLost"> {
  readonly dueAt: number;
}

/** What becomes of a claimed job that is not done. */
export interface Verdict {
  readonly state: number;
  readonly dueAt: number;
  readonly failures: number;
  readonly failingSince: number;
  readonly error: string;
}

/** Jobs of one kind that wait, or are dead; times in milliseconds since the epoch. */
export interface JobCount {
  readonly kind: string;
  readonly isDead: boolean;
  readonly jobs: number;
  readonly firstCreatedAt: number;
  readonly firstDueAt: number;
}

/** How due jobs are claimed. */
export interface ClaimOptions {
  /** So many at most of each kind. */
  readonly kinds: readonly { readonly name: string; readonly limit: number }[];
  /** Of the claims, which are this with the job's id behind it. */
  readonly prefix: string;
  readonly until: number;
}

/** Who finds only what others take at the same time looks so often; then the poller pauses as after any look. */
const LOOKS_MAX = 4;

/** What a job says that nobody runs and that has not failed. */
const UNTROUBLED = { claim: "", failures: 0, failingSince: 0, error: "" };
/** What a job says that is done, but for when it ended. */
const ENDED_WELL = { ...UNTROUBLED, state: JOB_STATE.done };

/** Statements that end jobs at the same time. */
const ENDINGS_IN_FLIGHT_MAX = 2;

/** The rows of one queue. Whatever a claim's holder writes is written only while it holds the claim. */
export class JobStore {
  readonly #database: Database;
  readonly #queue: string;
  readonly #model: JobModelGen;
  /** Ends a claimed job well; those of one tick share a statement. */
  readonly finish: (job: ClaimedJob) => Promise<void>;

  constructor(database: Database, queue: string) {
    this.#database = database;
    this.#queue = queue;
    this.#model = createJobModelGen(database);
    this.finish = createBatcher(database.runtime, { inFlightMax: ENDINGS_IN_FLIGHT_MAX }, (jobs) =>
      this.#finishAll(jobs),
    );
  }

  /** The id of the new row; undefined where its unique key is taken. */
  async insert(row: Omit<NewJobRow, "queue">, tx: RowTransaction): Promise<number | undefined> {
    try {
      return await this.#model.insert({ queue: this.#queue, ...row }, tx);
    } catch (error) {
      if (error instanceof DuplicateKeyError) return undefined;
      throw error;
    }
  }

  /** Makes the job with a unique key due now where it was given up or cancelled; false where it was not. */
  async revive(uniqueKey: string, tx: RowTransaction): Promise<boolean> {
    const job = await this.#model.findOneByQueueUniqueKey(this.#queue, uniqueKey);
    if (job === undefined || job.state === JOB_STATE.waiting) return false;
    const { id, state } = job;
    const anew = { ...UNTROUBLED, state: JOB_STATE.waiting, dueAt: this.#database.runtime.now() };
    return this.#model.update(id, anew, { expect: { state }, tx });
  }

  /** When the first job of each kind is due, or its claim runs out; kinds of which none waits are not there. */
  async nextDueTimes(kinds: readonly string[]): Promise<Map<string, number>> {
    if (kinds.length === 0) return new Map();
    const one =
      "SELECT MIN(kind) AS kind, MIN(due_at) AS due_at FROM job WHERE queue = ? AND state = ? AND kind = ?";
    const rows = await this.#database.read({
      sql: kinds.map(() => one).join(" UNION ALL "),
      parameters: kinds.flatMap((kind) => [this.#queue, JOB_STATE.waiting, kind]),
    });
    const waiting = rows.filter(({ kind }) => kind !== null);
    return new Map(waiting.map((row) => [String(row.kind), Number(row.due_at)]));
  }

  /**
   * Claims jobs that are due, of each kind first those that have been for longest; each goes to one claimer only. No
   * lock is trusted: on a cluster it holds on one node, and elsewhere not at all.
   */
  async claimDue(options: ClaimOptions): Promise<ClaimedJob[]> {
    for (let look = 1; ; look += 1) {
      const now = this.#database.runtime.now();
      const due = await this.#findDue(options, now);
      if (due.length === 0) return [];
      const claimed = await this.#claim(due, options, now);
      // Others took all of them between look and claim; what is due next may be left.
      if (claimed.length > 0 || look === LOOKS_MAX) return claimed;
    }
  }

  /** Gives a claimed job another state or time; nothing happens where the claim is somebody else's by now. */
  async decide(job: ClaimedJob, verdict: Verdict): Promise<void> {
    const expect = { state: JOB_STATE.waiting, claim: job.claim };
    await this.#model.update(job.id, { ...verdict, claim: "" }, { expect });
  }

  /** As `finish`, in a transaction of the caller's. */
  async finishIn(tx: RowTransaction, { id, claim }: ClaimedJob): Promise<void> {
    const changes = { ...ENDED_WELL, dueAt: this.#database.runtime.now() };
    await this.#model.update(id, changes, { expect: { state: JOB_STATE.waiting, claim }, tx });
  }

  /** Holds a claim for longer; false where it is somebody else's by now. */
  renew({ id, claim }: ClaimedJob, until: number): Promise<boolean> {
    return this.#model.update(id, { dueAt: until }, { expect: { state: JOB_STATE.waiting, claim } });
  }

  /** Gives a claim back, as if it had not been taken unless the attempt `wasBegun`. */
  async release({ id, attempts, claim }: ClaimedJob, wasBegun: boolean): Promise<void> {
    const begun = wasBegun ? attempts : attempts - 1;
    const changes = { claim: "", dueAt: this.#database.runtime.now(), attempts: begun };
    await this.#model.update(id, changes, { expect: { state: JOB_STATE.waiting, claim } });
  }

  /** Removes jobs that were done or cancelled before a time, at most so many; returns how many. */
  async removeEnded(before: number, limit: number): Promise<number> {
    const ended = [JOB_STATE.done, JOB_STATE.cancelled];
    const ids: SqlValue[] = [];
    for (const state of ended) {
      for (
        let kind = await this.#kindAfter(state, "");
        kind !== "";
        kind = await this.#kindAfter(state, kind)
      ) {
        const rows = await this.#database.read({
          sql: "SELECT id FROM job WHERE queue = ? AND state = ? AND kind = ? AND due_at < ? ORDER BY due_at LIMIT ?",
          parameters: [this.#queue, state, kind, before, limit - ids.length],
        });
        ids.push(...rows.map(({ id }) => Number(id)));
      }
    }
    if (ids.length === 0) return 0;
    const { changes } = await this.#database.write({
      sql: `DELETE FROM job WHERE id IN (${places(ids)}) AND state IN (${places(ended)})`,
      parameters: [...ids, ...ended],
    });
    return changes;
  }

  /** Jobs that wait and jobs that are dead, by kind. */
  async count(): Promise<JobCount[]> {
    const rows = await this.#database.read({
      sql:
        "SELECT state, kind, COUNT(*) AS jobs, MIN(created_at) AS first_created, MIN(due_at) AS first_due " +
        "FROM job WHERE queue = ? AND state IN (?, ?) GROUP BY state, kind",
      parameters: [this.#queue, JOB_STATE.waiting, JOB_STATE.dead],
    });
    return rows.map((row) => ({
      kind: String(row.kind),
      isDead: Number(row.state) === JOB_STATE.dead,
      jobs: Number(row.jobs),
      firstCreatedAt: Number(row.first_created),
      firstDueAt: Number(row.first_due),
    }));
  }

  /** The next kind of jobs in a state, also one that no handler knows any more; empty after the last. */
  async #kindAfter(state: number, kind: string): Promise<string> {
    const [row] = await this.#database.read({
      sql: "SELECT MIN(kind) AS kind FROM job WHERE queue = ? AND state = ? AND kind > ?",
      parameters: [this.#queue, state, kind],
    });
    return String(row?.kind ?? "");
  }

  async #findDue({ kinds }: ClaimOptions, now: number): Promise<DueJob[]> {
    const found: DueJob[] = [];
    for (const { name, limit } of kinds) {
      const rows = await this.#database.read({
        sql:
          "SELECT id, kind, payload, claim, due_at, attempts, failures, failing_since, created_at FROM job " +
          "WHERE queue = ? AND state = ? AND kind = ? AND due_at <= ? ORDER BY due_at LIMIT ?",
        parameters: [this.#queue, JOB_STATE.waiting, name, now, limit],
      });
      found.push(...rows.map(readDue));
    }
    return found;
  }

  /** Those of the jobs that are still as they were found, and from now on this claimer's. */
  #claim(due: readonly DueJob[], { until, prefix }: ClaimOptions, now: number): Promise<ClaimedJob[]> {
    return this.#database.transaction(
      async (tx) => {
        const asFound = due.map(() => "(id = ? AND claim = ? AND due_at = ?)").join(" OR ");
        const { changes } = await tx.write({
          // MySQL changes columns from left to right: what looks at the claim comes before it.
          sql:
            "UPDATE job SET failing_since = CASE WHEN claim = '' OR failing_since > 0 THEN failing_since ELSE ? END, " +
            `claim = CONCAT(?, id), due_at = ?, attempts = attempts + 1 WHERE state = ? AND (${asFound})`,
          parameters: [
            now,
            prefix,
            until,
            JOB_STATE.waiting,
            ...due.flatMap(({ id, claim, dueAt }) => [id, claim, dueAt]),
          ],
        });
        const mine = changes === due.length ? due : await this.#readClaimed(tx, due, prefix);
        return mine.map(({ claim, dueAt: _, ...job }) => ({
          ...job,
          claim: `${prefix}${job.id}`,
          until,
          wasLost: claim !== "",
          attempts: job.attempts + 1,
          failingSince: claim !== "" && job.failingSince === 0 ? now : job.failingSince,
        }));
      },
      // Repeatable reads would lock the gaps between due jobs, and with them keep others from adding some.
      { isolation: "read committed" },
    );
  }

  async #readClaimed(tx: Transaction, due: readonly DueJob[], prefix: string): Promise<DueJob[]> {
    const rows = await tx.read({
      sql: `SELECT id FROM job WHERE id IN (${places(due)}) AND claim IN (${places(due)})`,
      parameters: [...due.map(({ id }) => id), ...due.map(({ id }) => `${prefix}${id}`)],
    });
    const ids = new Set(rows.map(({ id }) => Number(id)));
    return due.filter(({ id }) => ids.has(id));
  }

  /** No two claims are equal, so that ids and claims need not be compared in pairs. */
  async #finishAll(jobs: readonly ClaimedJob[]): Promise<undefined[]> {
    await this.#database.write({
      sql:
        "UPDATE job SET state = ?, due_at = ?, claim = '', failures = 0, failing_since = 0, error = '' " +
        `WHERE id IN (${places(jobs)}) AND claim IN (${places(jobs)}) AND state = ?`,
      parameters: [
        JOB_STATE.done,
        this.#database.runtime.now(),
        ...jobs.map(({ id }) => id),
        ...jobs.map(({ claim }) => claim),
        JOB_STATE.waiting,
      ],
    });
    return jobs.map(() => undefined);
  }
}

function readDue(row: RawRow): DueJob {
  return {
    id: Number(row.id),
    kind: String(row.kind),
    payload: String(row.payload),
    claim: String(row.claim),
    dueAt: Number(row.due_at),
    attempts: Number(row.attempts),
    failures: Number(row.failures),
    failingSince: Number(row.failing_since),
    createdAt: Number(row.created_at),
  };
}

function places(values: readonly unknown[]): string {
  return values.map(() => "?").join(", ");
}
