import { type ApiProcess, trialExposure } from "@mall/kit/process";
import { revokedSource } from "@mall/user/rpc/revoked";
import { type UserApiConfig, userApiBlock, userApiConfig } from "./config.ts";
import { createContext } from "./context.ts";
import { userOpenApi } from "./gen/openapi.ts";
import { userRoutes } from "./gen/routes.ts";

/** The HTTP process of the user service. */
export const userApi: ApiProcess<UserApiConfig> = {
  name: "user.api",
  config: userApiConfig,
  block: userApiBlock,
  openApi: userOpenApi,
  exposures: ({ Mode }, host) =>
    trialExposure(
      "user.api: ",
      { mode: Mode, host },
      "attempts to log in and to register are not counted by address",
    ),
  build: async (config, placement) => userRoutes(await createContext(config, placement)),
  revoked: ({ UserRpc }, placement) => revokedSource(UserRpc, placement),
};
