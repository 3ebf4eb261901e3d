export { type Barrier, createBarrier } from "./barrier.ts";
export { type Branch, type BranchPlace, type BranchTarget, branchOf, branchTarget } from "./branch.ts";
export { callBranch } from "./call-branch.ts";
export { type CoordinatorOptions, createCoordinator } from "./create-coordinator.ts";
export type { Dtm } from "./dtm/dtm.ts";
export { DtmService } from "./dtm/dtm-service.ts";
export { openDtm } from "./dtm/open-dtm.ts";
export { ownPlace } from "./dtm/own-place.ts";
export { type Announce, createTwoPhaseMessages } from "./dtm/two-phase-messages.ts";
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
export { SAGA_STATE } from "./saga-store.ts";
