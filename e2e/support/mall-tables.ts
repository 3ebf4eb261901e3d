import { systemRuntime } from "@mall/kit/runtime";
import { migrateToLatest, openDatabase } from "@mall/kit/store";
import type { TestMysql } from "@mall/kit/testing";
import { orderRpc } from "@mall/order/rpc/main";
import { payRpc } from "@mall/pay/rpc/main";
import { productRpc } from "@mall/product/rpc/main";
import { userRpc } from "@mall/user/rpc/main";

/** The DSN of a new database with the mall's tables. */
export async function createMallTables(mysql: TestMysql): Promise<string> {
  const dataSource = await mysql.createDatabase();
  const database = await openDatabase({ dataSource, runtime: systemRuntime });
  for (const { migrations } of [userRpc, productRpc, orderRpc, payRpc]) {
    for (const set of migrations) await migrateToLatest(database, set);
  }
  await database.close();
  return dataSource;
}
