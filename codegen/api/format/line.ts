import type { Position } from "../../emit/index.ts";

/** One line of a formatted file, before comments are put to it. */
export interface Line {
  /** How many tabs it begins with. */
  readonly depth: number;
  /** What stands below each other in neighbouring lines. */
  readonly cells: readonly string[];
  /** Whether an empty line stands above it and its comments: always, or kept from the source, as one. */
  readonly gap: "always" | "kept";
  /** Where its first token was. */
  readonly from: Position;
  /** The line of its last token. */
  readonly endLine: number;
}
