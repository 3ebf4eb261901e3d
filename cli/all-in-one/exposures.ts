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

/** @throws AppError FAILED_PRECONDITION EXPOSED where anybody could mark the orders of a mall in earnest as paid. */
export function refuseExposed({ Mode, RpcHost }: AllInOneConfig): void {
  const [exposed] = Mode === "pro" ? rpcExposure("RpcHost", RpcHost, false) : [];
  if (exposed !== undefined)
    throw new AppError("FAILED_PRECONDITION", "EXPOSED", `${exposed.text}: ${exposed.fix}`);
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
