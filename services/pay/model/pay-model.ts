import type { Cache } from "@mall/kit/cache";
import type { Database } from "@mall/kit/store";
import { createPayModelGen, type PayModelGen } from "./gen/pay-model.ts";
import { PAY_STATUS } from "./pay-state.ts";

export type { PayRow } from "./gen/pay-model.ts";

export interface PayModel extends PayModelGen {
  /** Records a success on `source`; false where the payment was not waiting for one any more. */
  markPaid(id: number, source: number): Promise<boolean>;
}

/** The Go original looks payments up by order in code of its own, which keeps the row under `cache:pay:oid:`. */
export function createPayModel(database: Database, cache?: Cache): PayModel {
  const model = createPayModelGen(database, cache, { rowsUnder: ["idx_oid_unique"] });
  return {
    ...model,
    markPaid: (id, source) =>
      model.update(id, { source, status: PAY_STATUS.paid }, { expect: { status: PAY_STATUS.created } }),
  };
}
