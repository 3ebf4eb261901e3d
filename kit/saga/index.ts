export { type Barrier, createBarrier } from "./barrier.ts";
export { type Branch, type BranchPlace, type BranchTarget, branchOf, branchTarget } from "./branch.ts";
export { callBranch } from "./call-branch.ts";
export { type CoordinatorOptions, createCoordinator } from "./create-coordinator.ts";
export { createDtm, type Dtm, type DtmMessage } from "./dtm/dtm.ts";
export { type DtmClient, DtmService } from "./dtm/dtm-service.ts";
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
