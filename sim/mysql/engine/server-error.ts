/** Errors as the server numbers them, and what mysql2 calls them. */
const ERRORS = {
  diskFull: { errno: 1021, code: "ER_DISK_FULL" },
  nullValue: { errno: 1048, code: "ER_BAD_NULL_ERROR" },
  duplicate: { errno: 1062, code: "ER_DUP_ENTRY" },
  lockWait: { errno: 1205, code: "ER_LOCK_WAIT_TIMEOUT" },
  deadlock: { errno: 1213, code: "ER_LOCK_DEADLOCK" },
  outOfRange: { errno: 1264, code: "ER_WARN_DATA_OUT_OF_RANGE" },
  wrongTime: { errno: 1292, code: "ER_TRUNCATED_WRONG_VALUE" },
  noDefault: { errno: 1364, code: "ER_NO_DEFAULT_FOR_FIELD" },
  tooLong: { errno: 1406, code: "ER_DATA_TOO_LONG" },
  isolationInside: { errno: 1568, code: "ER_CANT_CHANGE_TX_CHARACTERISTICS" },
  resultOutOfRange: { errno: 1690, code: "ER_DATA_OUT_OF_RANGE" },
  readOnly: { errno: 1792, code: "ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION" },
} as const;

/** Names what the server refuses. */
export type Refusal = keyof typeof ERRORS;

/** An error that the server answers, as mysql2 gives it on. */
export class ServerError extends Error {
  readonly errno: number;
  readonly code: string;
  readonly refusal: Refusal;

  constructor(refusal: Refusal, message: string) {
    super(message);
    this.name = "ServerError";
    this.refusal = refusal;
    this.errno = ERRORS[refusal].errno;
    this.code = ERRORS[refusal].code;
  }
}

/** What came of the wait for a lock that somebody else waits for in turn. */
export function deadlock(): ServerError {
  return new ServerError("deadlock", "Deadlock found when trying to get lock; try restarting transaction");
}

export function lockWaitTimeout(): ServerError {
  return new ServerError("lockWait", "Lock wait timeout exceeded; try restarting transaction");
}
