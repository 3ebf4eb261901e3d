export { type Barrier, createBarrier } from "./barrier.ts";
export { type Branch, branchOf } from "./branch.ts";
export { callBranch } from "./call-branch.ts";
export { type CoordinatorOptions, createCoordinator } from "./create-coordinator.ts";
export { sagaMigrations } from "./model/gen/migrations.ts";
export {
  type Coordinator,
  type Saga,
  type SagaDefinition,
  type SagaIdentity,
  type SagaResult,
  type SagaStep,
  sagaStep,
} from "./saga.ts";
