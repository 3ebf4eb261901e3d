import type { Cache } from "@mall/kit/cache";
import type { Database } from "@mall/kit/store";
import { createOrderModelGen, type OrderModelGen } from "./gen/order-model.ts";

/** What can be done with `order`. */
export type OrderModel = OrderModelGen;

export function createOrderModel(database: Database, cache?: Cache): OrderModel {
  return createOrderModelGen(database, cache);
}
