import { AppError } from "@mall/kit/errors";

/** A row breaks a unique key. `key` is the index name of the table definition; `PRIMARY` for the primary key. */
export class DuplicateKeyError extends Error {
  readonly key: string;

  constructor(key: string, cause?: unknown) {
    super(`a row with the same ${key} exists`, { cause });
    this.name = "DuplicateKeyError";
    this.key = key;
  }
}

/** Waits for a write and rejects with `refusal` instead of a DuplicateKeyError. */
export async function refuseDuplicate<T>(write: Promise<T>, refusal: () => AppError): Promise<T> {
  try {
    return await write;
  } catch (error) {
    throw error instanceof DuplicateKeyError ? refusal() : error;
  }
}

const BUSY = ["UNAVAILABLE", "DATABASE_BUSY", "the database is busy, try again"] as const;

/** Another transaction was in the way (deadlock, lock wait, busy file): the store tries again by itself. */
export class DatabaseBusyError extends AppError {
  constructor(cause: unknown) {
    super(...BUSY, { cause });
    this.name = "DatabaseBusyError";
  }
}

/** The wait for a turn was too long for trying again right away. */
export function databaseBusy(cause: unknown): AppError {
  return new AppError(...BUSY, { cause });
}

/** The reason of what fails because of the database's state, not of what it is asked. */
export const DATABASE_UNAVAILABLE = "DATABASE_UNAVAILABLE";

/** The database does not answer, or cannot take writes (disk full, read-only). */
export function databaseUnavailable(cause: unknown): AppError {
  return new AppError("UNAVAILABLE", DATABASE_UNAVAILABLE, "the database is not available", { cause });
}

/** The database that the configuration names cannot be used as it is; `message` says what to do. */
export function databaseUnusable(message: string, cause?: unknown): AppError {
  return new AppError("FAILED_PRECONDITION", "DATABASE_UNUSABLE", message, { cause });
}

/** A property of something thrown, for the drivers' error fields. */
export function errorField(error: unknown, name: string): unknown {
  return typeof error === "object" && error !== null ? Reflect.get(error, name) : undefined;
}

/** The text of something thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
