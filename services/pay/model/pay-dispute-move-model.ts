import type { Database } from "@mall/kit/store";
import { createPayDisputeMoveModelGen, type PayDisputeMoveModelGen } from "./gen/pay-dispute-move-model.ts";

/** What disputes moved; each row has its entry in the books. */
export type PayDisputeMoveModel = PayDisputeMoveModelGen;

export function createPayDisputeMoveModel(database: Database): PayDisputeMoveModel {
  return createPayDisputeMoveModelGen(database);
}
