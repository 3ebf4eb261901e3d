export { Edge } from "./edge.ts";
export type { Outcome } from "./outcome.ts";
