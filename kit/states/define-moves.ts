/** One way in which something changes its state. */
export interface Move {
  readonly from: readonly number[];
  readonly to: number;
}

/**
 * A state machine out of every way in which its subject changes its state; what is not listed cannot happen.
 *
 * @returns the state that a move leads to from a state; undefined where it may not be made.
 */
export function defineMoves<Name extends string>(
  moves: Readonly<Record<Name, Move>>,
): (state: number, move: Name) => number | undefined {
  return (state, move) => {
    const { from, to } = moves[move];
    return from.includes(state) ? to : undefined;
  };
}
