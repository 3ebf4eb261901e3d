import { systemRuntime } from "@mall/kit/runtime";
import { openDatabase } from "@mall/kit/store";
import type { PrivateMariadb } from "@mall/kit/testing";

/** Cuts a node's ways to the others, or mends them: it answers its clients and is no part of the cluster. */
export async function isolateNode(node: PrivateMariadb, isIsolated: boolean): Promise<void> {
  const dataSource = `${node.dataSource("mysql")}?wsrep_sync_wait=0`;
  const database = await openDatabase({ dataSource, runtime: systemRuntime });
  try {
    const sql = `SET GLOBAL wsrep_provider_options = 'gmcast.isolate=${isIsolated ? 1 : 0}'`;
    await database.write({ sql, parameters: [] });
  } finally {
    await database.close();
  }
}
