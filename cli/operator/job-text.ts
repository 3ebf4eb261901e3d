import { JOB_STATE, type JobRow } from "@mall/kit/jobs";
import { stateName } from "@mall/kit/states";
import { textTable } from "./text-table.ts";

const HEADINGS = ["ID", "QUEUE", "KIND", "STATE", "ATTEMPTS", "WHEN", "ERROR"] as const;
/** Longer errors would break the lines; `mall jobs show` has the whole of it. */
const ERROR_LENGTH_MAX = 80;

/** A table of jobs, a line each after the headings. */
export function jobLines(jobs: readonly JobRow[], now: number): string[] {
  const rows = jobs.map((job) => [
    String(job.id),
    job.queue,
    job.kind,
    stateOf(job, now),
    String(job.attempts),
    timeText(job.dueAt),
    cut(job.error),
  ]);
  return textTable([[...HEADINGS], ...rows]);
}

/** Everything about a job, a line for each fact. */
export function describeJob(job: JobRow, now: number): string[] {
  const state = stateOf(job, now);
  const when = { waiting: "due", running: "claimed until" }[state] ?? "since";
  const facts: (readonly [string, string])[] = [
    ["id", String(job.id)],
    ["queue", job.queue],
    ["kind", job.kind],
    ["state", `${state}, ${when} ${timeText(job.dueAt)}`],
    ["enqueued", timeText(job.createdAt)],
    ["attempts", String(job.attempts)],
    ["payload", job.payload],
  ];
  if (job.uniqueKey !== null) facts.push(["key", job.uniqueKey]);
  if (job.failingSince > 0) facts.push(["failures", `${job.failures} since ${timeText(job.failingSince)}`]);
  if (job.error !== "") facts.push(["error", job.error]);
  const width = Math.max(...facts.map(([name]) => name.length));
  return facts.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}

function stateOf({ state, claim, dueAt }: JobRow, now: number): string {
  if (state === JOB_STATE.waiting && claim !== "" && dueAt > now) return "running";
  return stateName(JOB_STATE, state);
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}

function cut(text: string): string {
  return text.length <= ERROR_LENGTH_MAX ? text : `${text.slice(0, ERROR_LENGTH_MAX - 1)}…`;
}
