export type { LogFields } from "./fields.ts";
export {
  createLogger,
  type Logger,
  type LoggerOptions,
  type LogLevel,
  type ProcessLogger,
  silentLogger,
} from "./logger.ts";
export type { Encoding } from "./streams.ts";
