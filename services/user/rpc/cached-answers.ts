import { cachedIfAllowed, type Placement, rowsToRead } from "@mall/kit/process";
import { userTable } from "../model/gen/user-model.ts";
import { createUserView } from "../model/user-model.ts";
import type { UserRpcConfig } from "./config.ts";
import type { UserClient } from "./gen/user.ts";
import { userInfo } from "./logic/user-info.ts";

/**
 * Answers questions from the cache if the caller allows it. The logic itself has no view of cached rows, so that no
 * decision can be based on one.
 */
export async function answerFromCache(
  server: UserClient,
  config: UserRpcConfig,
  placement: Placement,
): Promise<UserClient> {
  const database = await placement.database(config.Mysql.DataSource);
  const userModel = createUserView(database, await rowsToRead(placement, config, userTable));
  return {
    ...server,
    userInfo: cachedIfAllowed(server.userInfo, (call, request) => userInfo({ userModel }, call, request)),
  };
}
