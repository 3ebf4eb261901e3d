import type { Cache } from "@mall/kit/cache";
import type { Database } from "@mall/kit/store";
import { createOrderLineModelGen, type OrderLineModelGen } from "./gen/order-line-model.ts";

/** What can be done with `order_line`. */
export type OrderLineModel = OrderLineModelGen;

export function createOrderLineModel(database: Database, cache?: Cache): OrderLineModel {
  return createOrderLineModelGen(database, cache);
}
