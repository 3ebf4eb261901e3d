/** States of what a channel said. */
export const NOTIFY_STATE = {
  /** Stored and acknowledged; nothing has been done about it yet. */
  received: 0,
  processed: 1,
  /** It is about nothing that is ours. */
  ignored: 2,
} as const;
