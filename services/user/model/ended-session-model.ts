import { type Database, DuplicateKeyError } from "@mall/kit/store";
import {
  createEndedSessionModelGen,
  type EndedSessionModelGen,
  type EndedSessionRow,
  type NewEndedSessionRow,
} from "./gen/ended-session-model.ts";

/** Those that are over are removed faster than others come. */
const FORGOTTEN_AT_ONCE = 10;

export interface EndedSessionModel extends Pick<EndedSessionModelGen, "findMany"> {
  /** Writes down that a session has ended; the first time counts. Forgets some that would be over by `row.ended`. */
  add(row: NewEndedSessionRow): Promise<void>;
  /** Those that ended from `since` on, a Unix second, or later, and would not be over by `now`; in the order of that second and of ids. */
  findEnded(page: EndedPage): Promise<EndedSessionRow[]>;
}

interface EndedPage {
  readonly since: number;
  /** Of that second only larger ids. */
  readonly after: number;
  readonly limit: number;
  /** Unix second. */
  readonly now: number;
}

/** Sessions of browsers that nobody takes any more. */
export function createEndedSessionModel(database: Database): EndedSessionModel {
  const model = createEndedSessionModelGen(database);
  const forgetOver = async (now: number): Promise<void> => {
    const over = await model.findMany((query) =>
      query.where("until", "<=", now).orderBy("until").limit(FORGOTTEN_AT_ONCE),
    );
    for (const { id } of over) await model.delete(id);
  };
  return {
    findMany: model.findMany,
    add: async (row) => {
      await forgetOver(row.ended);
      try {
        await model.insert(row);
      } catch (error) {
        if (!(error instanceof DuplicateKeyError)) throw error;
      }
    },
    findEnded: ({ since, after, limit, now }) =>
      model.findMany((query) =>
        query
          .where("ended", ">=", since)
          .where((all) => all.or([all("ended", ">", since), all("id", ">", after)]))
          .where("until", ">", now)
          .orderBy("ended")
          .orderBy("id")
          .limit(limit),
      ),
  };
}
