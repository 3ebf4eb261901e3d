import type { AppError } from "@mall/kit/errors";
import { type Database, refuseDuplicate, type Transaction } from "@mall/kit/store";
import { createRoleGuardModelGen } from "./gen/role-guard-model.ts";

/** Lets one transaction at a time take a role away. */
export interface RoleGuard {
  /**
   * Changes the one row that all who take this role away change: locks hold on one node of a cluster, but of two
   * transactions that change a row only one is committed. Whoever decides by other rows reads them after it.
   *
   * @throws `busy` where another transaction was quicker.
   */
  enter(tx: Transaction, role: number, busy: () => AppError): Promise<void>;
}

export function createRoleGuard(database: Database): RoleGuard {
  const model = createRoleGuardModelGen(database);
  return {
    enter: async (tx, role, busy) => {
      const [known] = await model.findMany((query) => query.where("role", "=", role), tx);
      if (known === undefined) {
        await refuseDuplicate(model.insert({ role }, tx), busy);
        return;
      }
      const taken = (await model.lockOne(known.id, tx))?.taken ?? 0;
      const isNext = await model.update(known.id, { taken: taken + 1 }, { expect: { taken }, tx });
      if (!isNext) throw busy();
    },
  };
}
