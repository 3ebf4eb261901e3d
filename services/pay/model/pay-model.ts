import type { Database } from "@mall/kit/store";
import { createPayModelGen, type PayModelGen } from "./gen/pay-model.ts";
import { PAY_STATUS } from "./pay-state.ts";

export type { PayRow } from "./gen/pay-model.ts";

export interface PayModel extends PayModelGen {
  /** Records a success on `source`; false where the payment was not waiting for one any more. */
  markPaid(id: number, source: number): Promise<boolean>;
}

export function createPayModel(database: Database): PayModel {
  const model = createPayModelGen(database);
  return {
    ...model,
    markPaid: (id, source) =>
      model.update(id, { source, status: PAY_STATUS.paid }, { expect: { status: PAY_STATUS.created } }),
  };
}
