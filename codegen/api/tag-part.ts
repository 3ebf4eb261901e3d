import type { Position } from "../emit/index.ts";

/** A piece of a field's tag and where it stands. */
export interface TagPart {
  readonly text: string;
  readonly at: Position;
}

/** The place so many columns to the right; a tag never spans lines. */
export function shifted(at: Position, columns: number): Position {
  return { ...at, column: at.column + columns };
}
