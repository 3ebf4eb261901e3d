import { backgroundCall } from "@mall/kit/call";
import type { RpcClientConfig } from "@mall/kit/config";
import type { Placement, RevokedSource } from "@mall/kit/process";
import { UserService } from "./gen/user.ts";

/** Asks the user rpc that a configuration names whose tokens are revoked; undefined where it names none. */
export function revokedSource(
  config: RpcClientConfig | undefined,
  placement: Placement,
): RevokedSource | undefined {
  if (config === undefined) return undefined;
  const userRpc = placement.client(UserService, config, "UserRpc");
  return async (page) => (await userRpc.revoked(backgroundCall(), page)).data;
}
