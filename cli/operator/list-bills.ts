import type { Runtime } from "@mall/kit/runtime";
import { assertSchemaCurrent, openDatabase } from "@mall/kit/store";
import { findBillsIn } from "@mall/pay/compared-bills";
import { payMigrations } from "@mall/pay/model/migrations";
import type { Bill } from "@mall/pay/rpc";
import type { PaySource } from "./pay-source.ts";

interface BillsPage {
  /** Of all accounts where it is left out. */
  readonly account: string | undefined;
  readonly limit: number;
  readonly before: number | undefined;
}

/** What came of the bills in a pay service's database, the newest first. */
export async function listComparedBills(
  { dataSource }: PaySource,
  runtime: Runtime,
  { account, limit, before }: BillsPage,
): Promise<Bill[]> {
  const database = await openDatabase({ dataSource, runtime });
  try {
    await assertSchemaCurrent(database, payMigrations);
    const of = account === undefined ? undefined : { channel: account };
    return await findBillsIn(database, { of, limit, before });
  } finally {
    await database.close();
  }
}
