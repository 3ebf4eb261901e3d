import { defineMoves, type Move } from "@mall/kit/states";

/** States of an attempt. */
export const ATTEMPT_STATE = {
  /** The channel is being asked, or was when the process died. */
  created: 0,
  /** The channel waits for the buyer. */
  pending: 1,
  /** The one success of its payment. */
  succeeded: 2,
  /** The channel did not open it. */
  failed: 3,
  /** The channel takes no money for it. */
  closed: 4,
  /** Whether the channel opened it nobody knows yet. */
  unknown: 5,
  /** Money came, but the payment had its success or is given up: it goes back. */
  surplus: 6,
  /** Money came that does not match. */
  held: 7,
} as const;

const { created, pending, succeeded, failed, closed, unknown, surplus, held } = ATTEMPT_STATE;
/** States in which money may still come for an attempt without anybody's being surprised. */
export const OPEN_STATES: readonly number[] = [created, pending, unknown];
/**
 * How long after its end an attempt is still believed to be payable of which its channel has not heard, milliseconds:
 * the clocks of the two sides are no further apart.
 */
export const LATE_MS_MAX = 60_000;
/** A channel that refused or closed is believed, and so is its word that money came nevertheless. */
const WITHOUT_MONEY = [...OPEN_STATES, failed, closed];

/** Every way in which an attempt changes its state; what is not listed cannot happen. */
const MOVES = {
  open: { from: [created, unknown], to: pending },
  fail: { from: [created], to: failed },
  lose: { from: [created], to: unknown },
  close: { from: OPEN_STATES, to: closed },
  succeed: { from: [...WITHOUT_MONEY, held], to: succeeded },
  returnMoney: { from: [...WITHOUT_MONEY, held], to: surplus },
  hold: { from: WITHOUT_MONEY, to: held },
  /** Its order costs something else by now. */
  doubt: { from: [succeeded], to: held },
} as const satisfies Record<string, Move>;

export type AttemptMove = keyof typeof MOVES;

/** The state that a move leads to; undefined where it may not be made. */
export const attemptMoved = defineMoves(MOVES);

/** True for one of OPEN_STATES. */
export function isOpen(state: number): boolean {
  return OPEN_STATES.includes(state);
}

/** True where money came for an attempt and it is written down. */
export function hasMoney(state: number): boolean {
  return state === succeeded || state === surplus || state === held;
}
