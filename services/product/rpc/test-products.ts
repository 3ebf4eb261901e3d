import { checkConfig, rpcClientConfig } from "@mall/kit/config";
import { silentLogger } from "@mall/kit/log";
import { noopObserver } from "@mall/kit/observe";
import { createBreakers, createLocalPlacement } from "@mall/kit/process";
import { systemRuntime } from "@mall/kit/runtime";
import { type Database, migrateToLatest } from "@mall/kit/store";
import type { TestDatabases } from "@mall/kit/testing";
import { productRpcConfig } from "./config.ts";
import { type ProductClient, ProductService } from "./gen/product.ts";
import { productRpc } from "./main.ts";

/** A product service over a database of its own. */
export interface TestProducts {
  readonly client: ProductClient;
  readonly database: Database;
  close(): Promise<void>;
}

export async function openTestProducts(databases: TestDatabases): Promise<TestProducts> {
  const dataSource = await databases.createDataSource();
  const watched = { runtime: systemRuntime, log: silentLogger, observer: noopObserver };
  const breakers = createBreakers(watched);
  const placement = createLocalPlacement({ ...watched, breakers, serverTimeoutMs: 5000 });
  const database = await databases.open({ dataSource });
  for (const set of productRpc.migrations) await migrateToLatest(database, set);
  const values = { Name: "product.rpc", ListenOn: ":0", Mysql: { DataSource: dataSource } };
  const config = checkConfig("(test)", values, productRpcConfig);
  placement.provide(ProductService, await productRpc.build(config, placement));
  const clientConfig = checkConfig("(test)", { Timeout: 5000 }, rpcClientConfig);
  const client = placement.client(ProductService, clientConfig, "(test)");
  return { client, database, close: () => placement.close() };
}
