import { AppError } from "@mall/kit/errors";
import type { Runtime } from "@mall/kit/runtime";
import type { RowTransaction, TransactionEnd } from "../database.ts";
import type { MysqlConnection, MysqlPool } from "../mysql/connection.ts";
import { isLockWait } from "../mysql/errors.ts";
import { DATABASE_UNAVAILABLE, DatabaseBusyError } from "../store-errors.ts";
import { Round } from "./round.ts";
import { Seat } from "./seat.ts";

/** Work that has not ended for so long may wait for others that wait for it, milliseconds. */
const WORK_MS_MAX = 5_000;

/** Why a group is taken back, with those whose fault it is, as far as that is known. */
interface Trouble {
  readonly cause: unknown;
  readonly culprits: ReadonlySet<number>;
  /** One of its rows was held by another transaction for too long. */
  readonly isLockWait: boolean;
}

/** How a shared transaction ended. */
export interface GroupEnd {
  /** In the order of the works. */
  readonly seats: readonly Seat[];
  readonly end: TransactionEnd;
  /** The error of every member that has none of its own. */
  readonly failure?: unknown;
  /** It is rolled back, and its members are to be served otherwise. */
  readonly trouble?: Trouble;
}

/** Runs works beside each other in one transaction; never rejects. */
export async function runGroup(
  runtime: Runtime,
  pool: MysqlPool,
  works: readonly ((tx: RowTransaction) => Promise<unknown>)[],
): Promise<GroupEnd> {
  let connection: MysqlConnection;
  try {
    connection = await pool.acquire();
  } catch (failure) {
    return { seats: [], end: "rolledBack", failure };
  }
  const round = new Round(runtime, connection);
  const seats = works.map(() => new Seat((seat) => round.statementsOf(seat)));
  const runs = works.map((work, index) => seats[index]?.run(work));
  await untilEnded(runtime, round, runs);
  await round.end();
  const trouble = troubleOf(round, seats);
  return trouble === undefined ? commit(connection, seats) : giveUp(connection, seats, trouble);
}

/** Waits for all works, or until one of them does not end. */
async function untilEnded(
  runtime: Runtime,
  round: Round,
  runs: readonly (Promise<void> | undefined)[],
): Promise<void> {
  const { promise: isLate, resolve } = Promise.withResolvers<void>();
  const timer = runtime.setTimer(() => {
    round.break(new Error("a member did not end"));
    resolve();
  }, WORK_MS_MAX);
  await Promise.race([Promise.all(runs), isLate]);
  timer.clear();
}

/** What a member has written can be undone with everything else only. */
function troubleOf({ trouble }: Round, seats: readonly Seat[]): Trouble | undefined {
  const isBad = ({ worked, wrote, isEvicted }: Seat): boolean =>
    worked === undefined || (wrote && (isEvicted || "error" in worked));
  if (trouble !== undefined) {
    const hung = indexesOf(seats, ({ worked }) => worked === undefined);
    return { cause: trouble.cause, culprits: hung, isLockWait: isLockWait(trouble.cause) };
  }
  const culprits = indexesOf(seats, isBad);
  if (culprits.size === 0) return undefined;
  return { cause: new Error("a member failed after it had written"), culprits, isLockWait: false };
}

function indexesOf(seats: readonly Seat[], test: (seat: Seat) => boolean): Set<number> {
  return new Set(seats.flatMap((seat, index) => (test(seat) ? [index] : [])));
}

async function commit(connection: MysqlConnection, seats: readonly Seat[]): Promise<GroupEnd> {
  try {
    await connection.write({ sql: "COMMIT", parameters: [] });
  } catch (failure) {
    await rollBack(connection);
    // A server that answers COMMIT so has rolled back: on a cluster another node's transaction was first.
    if (failure instanceof DatabaseBusyError) {
      return {
        seats,
        end: "rolledBack",
        trouble: { cause: failure, culprits: new Set(), isLockWait: false },
      };
    }
    return { seats, end: "unknown", failure };
  }
  connection.release();
  return { seats, end: "committed" };
}

/** A server that does not answer would not answer each of them alone either. */
async function giveUp(
  connection: MysqlConnection,
  seats: readonly Seat[],
  trouble: Trouble,
): Promise<GroupEnd> {
  await rollBack(connection);
  const { cause } = trouble;
  const isGone = cause instanceof AppError && cause.reason === DATABASE_UNAVAILABLE;
  return isGone ? { seats, end: "rolledBack", failure: cause } : { seats, end: "rolledBack", trouble };
}

/** Never rejects: of a connection that is closed the server rolls back. */
async function rollBack(connection: MysqlConnection): Promise<void> {
  try {
    await connection.write({ sql: "ROLLBACK", parameters: [] });
    connection.release();
  } catch {
    connection.destroy();
  }
}
