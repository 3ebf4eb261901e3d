import { join } from "node:path";
import { APPROVAL_MUTATIONS } from "./approval-mutations.ts";
import { AT_ONCE_MUTATIONS } from "./at-once-mutations.ts";
import { CACHE_MUTATIONS } from "./cache-mutations.ts";
import { CHANNEL_MUTATIONS } from "./channel-mutations.ts";
import { JOB_MUTATIONS } from "./job-mutations.ts";
import type { Mutation } from "./mutation.ts";
import { MYSQL_MUTATIONS } from "./mysql-mutations.ts";
import { ORDER_MUTATIONS } from "./order-mutations.ts";
import { PAY_MUTATIONS } from "./pay-mutations.ts";
import { REFUND_MUTATIONS } from "./refund-mutations.ts";
import { SHARING_MUTATIONS } from "./sharing-mutations.ts";
import { STORE_MUTATIONS } from "./store-mutations.ts";

/** The environment variable that names the mutation of a process. */
export const MUTATION_VARIABLE = "MALL_SIM_MUTATION";

/** What such a process imports first. */
export const APPLY = join(import.meta.dirname, "apply-mutation.ts");

/** Mistakes, each of which breaks a promise of the mall. */
export const MUTATIONS: readonly Mutation[] = [
  ...ORDER_MUTATIONS,
  ...AT_ONCE_MUTATIONS,
  ...JOB_MUTATIONS,
  ...PAY_MUTATIONS,
  ...REFUND_MUTATIONS,
  ...APPROVAL_MUTATIONS,
  ...CHANNEL_MUTATIONS,
  ...STORE_MUTATIONS,
  ...SHARING_MUTATIONS,
  ...CACHE_MUTATIONS,
  ...MYSQL_MUTATIONS,
];
