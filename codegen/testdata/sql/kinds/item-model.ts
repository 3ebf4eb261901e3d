import type { Database } from "@mall/kit/store";
import { createItemModelGen, type ItemModelGen } from "./gen/item-model.ts";

/** What can be done with `item`. */
export type ItemModel = ItemModelGen;

export function createItemModel(database: Database): ItemModel {
  return createItemModelGen(database);
}
