export { Bank } from "./bank.ts";
export { Edge } from "./edge.ts";
export { createSimHttp } from "./http.ts";
export type { Outcome } from "./outcome.ts";
