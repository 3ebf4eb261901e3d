import { answers, invalid, type RpcCase, refuses } from "./case.ts";
import { BEYOND_SAFE, LONE_SURROGATE, SAFE_MAX } from "./values.ts";

const NO_JOB = (id: number) => ["NOT_FOUND", "JOB_NOT_FOUND", `there is no job ${id}`] as const;

/** What every service with an audit answers about it. */
function auditCases(service: string): RpcCase[] {
  const list = `${service}.auditList`;
  const page = { before: 0, limit: 0 };
  return [
    answers(list, "acts of nobody", { ...page, who: "user:99" }, { entries: [], next: 0 }),
    answers(list, "of no time", { ...page, from: 9007199254, to: 0 }, { entries: [], next: 0 }),
    ...[501, -1, SAFE_MAX].map((limit) => invalid(list, `limit ${limit}`, { ...page, limit }, "limit")),
    invalid(list, "half a character", { ...page, subject: LONE_SURROGATE }, "subject"),
    invalid(list, "an unsafe page", { ...page, before: BEYOND_SAFE }, "before"),
  ];
}

/** And every service with jobs. Which there are depends on how services are placed, and when. */
function jobCases(service: string): RpcCase[] {
  const list = `${service}.jobList`;
  const page = { before: 0, limit: 0 };
  return [
    answers(list, "no such kind", { ...page, kind: "none" }, { jobs: [], next: 0 }),
    answers(list, "no such key", { ...page, key: "none", state: 2 }, { jobs: [], next: 0 }),
    ...[501, -1].map((limit) => invalid(list, `limit ${limit}`, { ...page, limit }, "limit")),
    ...["jobDetail", "jobRetry", "jobCancel"].flatMap((method) => [
      ...[0, -1, SAFE_MAX].map((id) =>
        refuses(`${service}.${method}`, `unknown id ${id}`, { id }, NO_JOB(id)),
      ),
      invalid(`${service}.${method}`, "an unsafe id", { id: BEYOND_SAFE }, "id"),
    ]),
  ];
}

export const deskCases: readonly RpcCase[] = [
  ...["order", "pay"].flatMap(jobCases),
  ...["user", "product", "order", "pay"].flatMap(auditCases),
];
