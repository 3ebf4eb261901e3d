import { pino } from "pino";

/** Lines below the level are not written. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** A structured log: fields first, then a sentence. Request bodies, tokens and passwords are never passed in. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** A logger that adds `fields` to every line. */
  child(fields: Record<string, unknown>): Logger;
}

/** Names under which secrets might still arrive; their values are replaced at any of the first two levels. */
const SECRET_KEYS = [
  "password",
  "Password",
  "token",
  "accessToken",
  "authorization",
  "secret",
  "AccessSecret",
];

/** JSON lines on standard output with go-zero's keys (`@timestamp`, `level`, `content`). */
export function createLogger(options: { name: string; level: LogLevel }): Logger {
  return pino({
    level: options.level,
    base: { service: options.name },
    messageKey: "content",
    errorKey: "error",
    timestamp: () => `,"@timestamp":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`]), censor: "[redacted]" },
  });
}
