import type { Database } from "@mall/kit/store";
import { createOrderLineModelGen, type OrderLineModelGen } from "./gen/order-line-model.ts";

/** What can be done with `order_line`. */
export type OrderLineModel = OrderLineModelGen;

export function createOrderLineModel(database: Database): OrderLineModel {
  return createOrderLineModelGen(database);
}
