import type { Database } from "@mall/kit/store";
import { createJobModelGen, type JobModelGen } from "./model/gen/job-model.ts";

export type { JobColumns } from "./model/gen/job-model.ts";

/** Jobs to look at: what becomes of them, workers and a JobDesk decide. */
export type JobView = Pick<JobModelGen, "findMany" | "findOne">;

/** The jobs of all queues of a database. */
export function createJobView(database: Database): JobView {
  const { findMany, findOne } = createJobModelGen(database);
  return { findMany, findOne };
}
