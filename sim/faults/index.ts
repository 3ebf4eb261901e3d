export { drawRates } from "./draw-rates.ts";
export type { FaultKind } from "./fault-kinds.ts";
export { Faults } from "./faults.ts";
