import type { ServiceConfig } from "@mall/kit/config";
import { createLogger, type LogLevel, type ProcessLogger } from "@mall/kit/log";

/** go-zero's levels: at `error` it still writes what was slow; of what `severe` means nothing but errors is left. */
const LEVELS: Readonly<Record<ServiceConfig["Log"]["Level"], LogLevel>> = {
  debug: "debug",
  info: "info",
  error: "slow",
  severe: "error",
};

/** The log that a process's `Log` block asks for. */
export function createProcessLog(config: Pick<ServiceConfig, "Name" | "Mode" | "Log">): ProcessLogger {
  const { ServiceName, Level, Encoding, MaxContentLength } = config.Log;
  return createLogger({
    name: ServiceName === "" ? config.Name : ServiceName,
    level: LEVELS[Level],
    encoding: Encoding,
    contentLengthMax: MaxContentLength,
  });
}
