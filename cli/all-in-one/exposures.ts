import { AppError } from "@mall/kit/errors";
import {
  type Exposure,
  rpcExposure,
  sandboxExposure,
  secretExposure,
  trialExposure,
} from "@mall/kit/process";
import type { LoadedService } from "../services.ts";
import { type AllInOneConfig, SERVICES } from "./config.ts";
import { hasOwnSandbox } from "./own-sandbox.ts";
import { hasOwnSimulator } from "./own-simulator.ts";
import { rpcPartConfig } from "./part-config.ts";

const TRIAL_RISK = "the first to register becomes admin, and attempts to log in are not counted by address";
const LOOPBACK = "127.0.0.1";
const NO_SIMULATOR = "set Simulator.Enabled: false (Mode: pro does), or Host: 127.0.0.1";
const NO_SANDBOX = "set Sandbox.Enabled: false (Mode: pro does), or Host: 127.0.0.1";

/** What of a mall in one process is open to others that should not be, and the way out of each. */
export function exposuresOf(config: AllInOneConfig): Exposure[] {
  const { Mode, Host, RpcHost, Auth } = config;
  return [
    ...rpcExposure("RpcHost", RpcHost, false),
    ...secretExposure("Auth.AccessSecret", Auth.AccessSecret, Mode),
    ...trialExposure("", { mode: Mode, host: Host }, TRIAL_RISK),
    ...(hasOwnSandbox(config) ? sandboxExposure(Host, NO_SANDBOX) : []),
    ...(hasOwnSimulator(config) ? sandboxExposure(Host, NO_SIMULATOR, "the channel simulator") : []),
    ...SERVICES.flatMap((service) => exposuresOfService(service, config)),
  ];
}

/** What a service's own keys open. Its ports are judged once, for all services. */
function exposuresOfService(service: LoadedService, config: AllInOneConfig): Exposure[] {
  const { rpc, block } = service;
  if (rpc === undefined) return [];
  const part = rpcPartConfig({ config, dataSource: "", accessSecret: "" }, { rpc, block });
  return rpc.exposures?.(part, LOOPBACK) ?? [];
}

/** @throws AppError FAILED_PRECONDITION EXPOSED where anybody could mark the orders of a mall in earnest as paid. */
export function refuseExposed({ Mode, RpcHost }: AllInOneConfig): void {
  const [exposed] = Mode === "pro" ? rpcExposure("RpcHost", RpcHost, false) : [];
  if (exposed !== undefined)
    throw new AppError("FAILED_PRECONDITION", "EXPOSED", `${exposed.text}: ${exposed.fix}`);
}
