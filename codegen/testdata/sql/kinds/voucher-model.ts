import type { Cache } from "@mall/kit/cache";
import type { Database } from "@mall/kit/store";
import { createVoucherModelGen, type VoucherModelGen } from "./gen/voucher-model.ts";

/** What can be done with `voucher`. */
export type VoucherModel = VoucherModelGen;

export function createVoucherModel(database: Database, cache?: Cache): VoucherModel {
  return createVoucherModelGen(database, cache);
}
