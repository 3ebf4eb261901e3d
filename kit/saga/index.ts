export { type Barrier, createBarrier } from "./barrier.ts";
export { callBranch } from "./call-branch.ts";
export { sagaMigrations } from "./model/gen/migrations.ts";
