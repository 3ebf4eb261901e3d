import { createHmac } from "node:crypto";
import { join } from "node:path";
import { createNetworkTransport, reachedHere } from "@mall/kit/http";
import type { Logger } from "@mall/kit/log";
import type { OpenApiPart, Route } from "@mall/kit/rest";
import type { Runtime } from "@mall/kit/runtime";
import type { ChannelsConfig } from "@mall/pay/channels";
import { openSandbox } from "../sandbox/open-sandbox.ts";
import type { AllInOneConfig } from "./config.ts";
import { OWN_GATEWAY, type OwnGateway } from "./own-gateway.ts";

const APP_ID = "mall";

/** The bank that the process serves on its own gateway, and the channel to it. */
export interface OwnSandbox {
  readonly routes: readonly Route[];
  readonly openApi: readonly OpenApiPart[];
  /** What the pay rpc is configured with. */
  readonly channels: ChannelsConfig;
  /** Delivers notifications from now on; once the gateway is open. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Whether the process is a bank as well: outside of `pro`, unless the configuration says. */
export function hasOwnSandbox({ Mode, Sandbox }: AllInOneConfig): boolean {
  return Sandbox.Enabled ?? Mode !== "pro";
}

/**
 * The process's own sandbox, with its records in `sandbox.db` of the data folder; none where it is switched
 * off. `channels`: the others that buyers may choose, which go before it.
 */
export async function openOwnSandbox(
  config: AllInOneConfig,
  accessSecret: string,
  outside: {
    readonly runtime: Runtime;
    readonly log: Logger;
    readonly gateway: OwnGateway;
    readonly channels: ChannelsConfig;
  },
): Promise<OwnSandbox> {
  const { gateway, channels } = outside;
  if (!hasOwnSandbox(config)) {
    const nothing = async (): Promise<void> => {};
    return { routes: [], openApi: [], channels, start: nothing, close: nothing };
  }
  // Whoever knows the secret of the tokens may do everything anyway, and nobody has to make up another one.
  const secret = createHmac("sha256", accessSecret).update("sandbox").digest("hex");
  const sandbox = await openSandbox({
    ...outside,
    // Without breakers: one in front of the gateway would refuse the mall its bank where the bank had no answer.
    http: gateway.through(createNetworkTransport({ runtime: outside.runtime })),
    appId: APP_ID,
    secret,
    dataSource: `sqlite:${join(config.DataDir, "sandbox.db")}`,
    publicUrl: () => config.Sandbox.PublicUrl || reachedHere(gateway.address ?? OWN_GATEWAY),
  });
  const channel = {
    Gateway: `${OWN_GATEWAY}/sandbox`,
    AppId: APP_ID,
    Secret: secret,
    NotifyUrl: `${OWN_GATEWAY}/api/pay/notify/sandbox`,
  };
  return { ...sandbox, channels: { Sandbox: channel, ...channels } };
}
