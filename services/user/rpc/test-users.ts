import { checkConfig, rpcClientConfig } from "@mall/kit/config";
import { silentLogger } from "@mall/kit/log";
import { noopObserver } from "@mall/kit/observe";
import { createBreakers, createLocalPlacement } from "@mall/kit/process";
import { systemRuntime } from "@mall/kit/runtime";
import { migrateToLatest } from "@mall/kit/store";
import type { TestDatabases } from "@mall/kit/testing";
import { createUserModel, type UserModel } from "../model/user-model.ts";
import { userRpcConfig } from "./config.ts";
import { type UserClient, UserService } from "./gen/user.ts";
import { userRpc } from "./main.ts";

const CALL_MS = 60_000;

/** A user service over a database of its own. */
export interface TestUsers {
  readonly client: UserClient;
  readonly users: UserModel;
  close(): Promise<void>;
}

export async function openTestUsers(databases: TestDatabases): Promise<TestUsers> {
  const dataSource = await databases.createDataSource();
  const watched = { runtime: systemRuntime, log: silentLogger, observer: noopObserver };
  const breakers = createBreakers(watched);
  const placement = createLocalPlacement({ ...watched, breakers, serverTimeoutMs: CALL_MS });
  const database = await databases.open({ dataSource });
  for (const set of userRpc.migrations) await migrateToLatest(database, set);
  const values = { Name: "user.rpc", Mode: "pro", ListenOn: ":0", Mysql: { DataSource: dataSource } };
  placement.provide(
    UserService,
    await userRpc.build(checkConfig("(test)", values, userRpcConfig), placement),
  );
  const neighbour = checkConfig("(test)", { Timeout: CALL_MS }, rpcClientConfig);
  const client = placement.client(UserService, neighbour, "(test)");
  return { client, users: createUserModel(database), close: () => placement.close() };
}
