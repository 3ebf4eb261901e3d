export { type RunningSimulator, type StartSimulatorOptions, startSimulator } from "./start-simulator.ts";
