import { AsyncResource } from "node:async_hooks";
import { createBatcher } from "@mall/kit/async";
import type { Runtime } from "@mall/kit/runtime";
import type { RowTransaction } from "../database.ts";
import type { MysqlPool } from "../mysql/connection.ts";
import { pauseAfter } from "../retry-busy.ts";
import { DatabaseBusyError } from "../store-errors.ts";
import { type GroupEnd, runGroup } from "./group.ts";
import type { Seat, Worked } from "./seat.ts";

/** Groups that are out at the same time: being busy is what makes the next one large. */
export const GROUPS_MAX = 2;
/** A group that is out for so long may wait for a lock, or for a server far away: another goes beside it, milliseconds. */
const PATIENCE_MS = 20;
const TURNS = { inFlightMax: GROUPS_MAX, patienceMs: PATIENCE_MS };
/** A group that met another transaction is tried so often as a whole. */
const TRIES_MAX = 2;
/** Who wanted another's row so often has a transaction of its own. */
const EVICTIONS_MAX = 2;
/** So long those that have a transaction of their own keep the next group waiting, milliseconds. */
const ALONE_MS_MAX = 50;

type Work = (tx: RowTransaction) => Promise<unknown>;
type Outcome = Worked | "evicted";

/** One who wants a place in a transaction. */
interface Member {
  readonly work: Work;
}

/** What became of a member, once that is known. */
interface Ended {
  readonly outcome: Promise<Outcome>;
}

/** What SharedTransactions works with. */
export interface SharedTransactionsOptions {
  readonly runtime: Runtime;
  /** Connections of which nothing else is done. */
  readonly pool: MysqlPool;
  /** Runs work in a transaction of its own, again where others were in its way. */
  readonly alone: (work: Work) => Promise<unknown>;
}

/** Transactions on MySQL that many share; who cannot be served so has one of its own. */
export class SharedTransactions {
  readonly #options: SharedTransactionsOptions;
  readonly #board: (member: Member) => Promise<Ended>;

  constructor(options: SharedTransactionsOptions) {
    this.#options = options;
    this.#board = createBatcher(options.runtime, TURNS, async (members) => {
      const ends = await this.#serve(members, TRIES_MAX);
      return members.map((member) => ends.get(member) ?? new Error("a member was forgotten"));
    });
  }

  /** Runs work together with others'. Errors as in Database.share. */
  async run<T>(work: (tx: RowTransaction) => Promise<T>): Promise<T> {
    // What a member does belongs to its own trace.
    const bound = AsyncResource.bind(work);
    for (let evictions = 0; evictions < EVICTIONS_MAX; evictions += 1) {
      const { outcome } = await this.#board({ work: bound });
      const end = await outcome;
      if (end === "evicted") continue;
      if ("error" in end) throw end.error;
      // What a member's work gives is the member's.
      return end.value as T;
    }
    return (await this.#options.alone(bound)) as T;
  }

  async #serve(members: readonly Member[], triesLeft: number): Promise<Map<Member, Ended>> {
    if (members.length === 1) return this.#serveApart(members);
    const { runtime, pool } = this.#options;
    const works = members.map(({ work }) => work);
    const group = await runGroup(runtime, pool, works);
    const { trouble } = group;
    if (trouble === undefined) return endedAs(members, group);
    await Promise.all(group.seats.map((seat) => seat.settle("rolledBack")));
    if (trouble.cause instanceof DatabaseBusyError) {
      if (triesLeft === 1 || trouble.isLockWait) return this.#serveApart(members);
      await pauseAfter(runtime, 1);
      return this.#serve(members, triesLeft - 1);
    }
    const ends = new Map<Member, Ended>();
    for (const part of partsOf(members, trouble.culprits)) {
      for (const [member, ended] of await this.#serve(part, triesLeft)) ends.set(member, ended);
    }
    return ends;
  }

  /** The next group waits for them, but not for one that waits for a lock. */
  async #serveApart(members: readonly Member[]): Promise<Map<Member, Ended>> {
    const ends = new Map(members.map((member) => [member, { outcome: this.#serveAlone(member) }]));
    const { promise: isLong, resolve } = Promise.withResolvers<void>();
    const timer = this.#options.runtime.setTimer(resolve, ALONE_MS_MAX);
    await Promise.race([Promise.all([...ends.values()].map(({ outcome }) => outcome)), isLong]);
    timer.clear();
    return ends;
  }

  async #serveAlone({ work }: Member): Promise<Outcome> {
    try {
      return { value: await this.#options.alone(work) };
    } catch (error) {
      return { error };
    }
  }
}

function endedAs(members: readonly Member[], group: GroupEnd): Map<Member, Ended> {
  const { seats, end, failure } = group;
  return new Map(
    members.map((member, index) => [member, { outcome: outcomeOf(seats[index], { end, failure }) }]),
  );
}

/** After what waits for the transaction's end: nobody else waits for that. */
async function outcomeOf(
  seat: Seat | undefined,
  { end, failure }: Pick<GroupEnd, "end" | "failure">,
): Promise<Outcome> {
  await seat?.settle(end);
  // What their works came to is the failure's trace then.
  if (failure !== undefined && end === "rolledBack") return { error: failure };
  if (seat?.isEvicted === true) return "evicted";
  const worked = seat?.worked;
  if (worked !== undefined && "error" in worked) return worked;
  if (failure !== undefined) return { error: failure };
  return worked ?? { error: new Error("a member has no end") };
}

/** Those whose fault it is are served one by one; where nobody knows whose, by halves. */
function partsOf(members: readonly Member[], culprits: ReadonlySet<number>): (readonly Member[])[] {
  const others = members.filter((_, index) => !culprits.has(index));
  if (culprits.size > 0 && others.length > 0) {
    return [others, ...members.filter((_, index) => culprits.has(index)).map((member) => [member])];
  }
  const half = Math.ceil(members.length / 2);
  return [members.slice(0, half), members.slice(half)];
}
