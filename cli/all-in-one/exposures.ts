import { AppError } from "@mall/kit/errors";
import { type Exposure, isPublicHost, isTried, rpcExposure, secretExposure } from "@mall/kit/process";
import type { AllInOneConfig } from "./config.ts";
import { hasOwnSandbox } from "./own-sandbox.ts";

/** What of a mall in one process is open to others that should not be, and the way out of each. */
export function exposuresOf(config: AllInOneConfig): Exposure[] {
  const { Mode, Host, RpcHost, Auth, Salt } = config;
  return [
    ...rpcExposure("RpcHost", RpcHost, false),
    ...secretExposure("Auth.AccessSecret", Auth.AccessSecret, Mode),
    ...secretExposure("Salt", Salt, Mode),
    ...(isTried(Mode) && isPublicHost(Host) ? [triedInPublic(Mode, Host)] : []),
    ...(hasOwnSandbox(config) && isPublicHost(Host) ? [sandboxInPublic(Host)] : []),
  ];
}

/**
 * @throws AppError FAILED_PRECONDITION EXPOSED where a mall that is in earnest would let anybody pay for nothing or be
 *   anybody.
 */
export function refuseExposed(config: AllInOneConfig): void {
  const { Mode, RpcHost, Auth } = config;
  if (Mode !== "pro") return;
  const [first] = [
    ...rpcExposure("RpcHost", RpcHost, false),
    ...secretExposure("Auth.AccessSecret", Auth.AccessSecret, Mode),
  ];
  if (first !== undefined)
    throw new AppError("FAILED_PRECONDITION", "EXPOSED", `${first.text}: ${first.fix}`);
}

function triedInPublic(mode: string, host: string): Exposure {
  return {
    text: `Mode ${mode} on ${host}, which others reach: the first to register becomes admin, and attempts to log in are not counted by address`,
    fix: "set Mode: pro, or Host: 127.0.0.1 while it is tried out",
  };
}

function sandboxInPublic(host: string): Exposure {
  return {
    text: `the sandbox bank is open on ${host}, which others reach: it takes no money, so that everybody can pay for nothing`,
    fix: "set Sandbox.Enabled: false (Mode: pro does), or Host: 127.0.0.1",
  };
}
