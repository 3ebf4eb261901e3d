export { defineMoves, type Move } from "./define-moves.ts";
export { stateName } from "./state-name.ts";
