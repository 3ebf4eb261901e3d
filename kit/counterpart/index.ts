export { FaultPlan, type PlannedFault } from "./fault-plan.ts";
export { type Fate, type Letter, type LetterStore, Postman, type PostmanOptions } from "./postman.ts";
