import { createBatcher } from "@mall/kit/async";
import type { Database } from "./database.ts";

/** The next question collects askers while these are under way. */
const BATCHES_IN_FLIGHT_MAX = 2;

/**
 * A question that many callers ask at once, each with a key of its own. Where the database is a server, the keys of
 * one tick travel together, since what costs is the way. SQLite has no way: each is answered at once, as waiting for
 * others would only keep its caller out of the commit that is being gathered.
 */
export function createBatchedRead<Key, Answer>(
  database: Database,
  read: (keys: readonly Key[]) => Promise<readonly Answer[]>,
): (key: Key) => Promise<Answer> {
  if (database.dialect === "mysql") {
    return createBatcher(database.runtime, { inFlightMax: BATCHES_IN_FLIGHT_MAX }, read);
  }
  return async (key) => {
    const [answer] = await read([key]);
    if (answer === undefined) throw new Error("the read gave no answer");
    return answer;
  };
}
