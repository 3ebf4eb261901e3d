import type { ServiceConfig } from "@mall/kit/config";
import type { LogLevel } from "@mall/kit/log";

/** go-zero's `severe` is our `error`: neither has anything below it that matters. */
export function logLevelOf(config: ServiceConfig): LogLevel {
  const level = config.Log.Level;
  return level === "severe" ? "error" : level;
}
