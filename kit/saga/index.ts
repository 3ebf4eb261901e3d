export { type Barrier, createBarrier } from "./barrier.ts";
export {
  type Branch,
  type BranchPlace,
  type BranchTarget,
  branchOf,
  branchTarget,
  callBranch,
} from "./branch.ts";
export { type CoordinatorOptions, createCoordinator } from "./coordinator.ts";
export type { Dtm } from "./dtm/dtm.ts";
export { DtmService } from "./dtm/dtm-service.ts";
export { openDtm } from "./dtm/open-dtm.ts";
export { ownPlace } from "./dtm/own-place.ts";
export { type Announce, createTwoPhaseMessages } from "./dtm/two-phase-messages.ts";
export { sagaMigrations } from "./model/gen/migrations.ts";
export type { Coordinator, Saga, SagaDefinition, SagaIdentity, SagaResult, SagaStep } from "./saga.ts";
export { SAGA_STATE } from "./saga-store.ts";
