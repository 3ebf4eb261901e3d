/** States of a job; the last three are ends. A dead one is kept until an operator decides. */
export const JOB_STATE = { waiting: 0, done: 1, dead: 2, cancelled: 3 } as const;
