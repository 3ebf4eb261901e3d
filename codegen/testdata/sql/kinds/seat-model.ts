import type { Cache } from "@mall/kit/cache";
import type { Database } from "@mall/kit/store";
import { createSeatModelGen, type SeatModelGen } from "./gen/seat-model.ts";

/** What can be done with `seat`. */
export type SeatModel = SeatModelGen;

export function createSeatModel(database: Database, cache?: Cache): SeatModel {
  return createSeatModelGen(database, cache);
}
