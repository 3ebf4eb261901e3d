export { defineMoves, type Move } from "./define-moves.ts";
