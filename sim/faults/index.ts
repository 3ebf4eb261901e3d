export {
  drawRates,
  drawRatesWithRedis,
  type FaultPlace,
  type FaultRates,
  withChannelFaults,
} from "./draw-rates.ts";
export type { FaultKind } from "./fault-kinds.ts";
export { type Fault, Faults } from "./faults.ts";
