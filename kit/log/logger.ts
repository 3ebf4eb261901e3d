import { activeTrace } from "@mall/kit/trace";
import { type Logger as Pino, pino } from "pino";
import { describeError } from "./describe-error.ts";
import { isLogField, type LogFields } from "./fields.ts";
import { scrub } from "./scrub.ts";
import { consoleStreams, type Encoding } from "./streams.ts";
import { formatTimestamp } from "./timestamp.ts";

/** `slow` is go-zero's level of what took too long. */
export type LogLevel = "debug" | "info" | "warn" | "slow" | "error";

/** A structured log: fields first, then a sentence that carries nothing a request said. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  /** A logger that adds `fields` to every line. */
  child(fields: LogFields): Logger;
}

/** The log of a process. */
export interface ProcessLogger extends Logger {
  /** A line about something that took too long. */
  slow(fields: LogFields, message: string): void;
  child(fields: LogFields): ProcessLogger;
}

export interface LoggerOptions {
  /** Name of the process in every line. */
  readonly name: string;
  /** Lines below are not written. */
  readonly level: LogLevel;
  /** JSON by default. */
  readonly encoding?: Encoding;
  /** Longest sentence, in UTF-16 units; 0 for no limit. */
  readonly contentLengthMax?: number;
}

/** Between pino's `warn` (40) and `error` (50). */
const SLOW = 45;
const WARN = 40;

/**
 * Lines with go-zero's keys: `@timestamp`, `level`, `content`, `duration`, `trace`, `span`. Only the fields of
 * LogFields are written, and texts are scrubbed of what looks like a secret all the same.
 */
export function createLogger(options: LoggerOptions): ProcessLogger {
  const { name, level, encoding = "json", contentLengthMax = 0 } = options;
  const lines = pino(
    {
      level,
      customLevels: { slow: SLOW },
      base: { service: name },
      messageKey: "content",
      timestamp: () => `,"@timestamp":"${formatTimestamp(Date.now())}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    consoleStreams(encoding, WARN),
  );
  return new ScrubbingLogger(lines, contentLengthMax);
}

class ScrubbingLogger implements ProcessLogger {
  readonly #lines: Pino<"slow">;
  readonly #contentLengthMax: number;

  constructor(lines: Pino<"slow">, contentLengthMax: number) {
    this.#lines = lines;
    this.#contentLengthMax = contentLengthMax;
  }

  debug(fields: LogFields, message: string): void {
    this.#write("debug", fields, message);
  }

  info(fields: LogFields, message: string): void {
    this.#write("info", fields, message);
  }

  warn(fields: LogFields, message: string): void {
    this.#write("warn", fields, message);
  }

  slow(fields: LogFields, message: string): void {
    this.#write("slow", fields, message);
  }

  error(fields: LogFields, message: string): void {
    this.#write("error", fields, message);
  }

  child(fields: LogFields): ProcessLogger {
    return new ScrubbingLogger(this.#lines.child(allowedFields(fields)), this.#contentLengthMax);
  }

  #write(level: LogLevel, fields: LogFields, message: string): void {
    if (!this.#lines.isLevelEnabled(level)) return;
    const allowed = allowedFields(fields);
    const max = this.#contentLengthMax;
    if (max > 0 && message.length > max) {
      this.#lines[level]({ ...inTrace(allowed), truncated: true }, scrub(message).slice(0, max));
    } else {
      this.#lines[level](inTrace(allowed), scrub(message));
    }
  }
}

/** The fields that a line may carry, scrubbed. */
function allowedFields(fields: LogFields): Record<string, unknown> {
  const allowed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (isLogField(name) && value !== undefined) allowed[name] = cleanValue(name, value);
  }
  return allowed;
}

function cleanValue(name: keyof LogFields, value: unknown): unknown {
  if (name === "error") return describeError(value);
  return typeof value === "number" ? value : scrub(String(value));
}

/** The fields with the ids of the trace that the line is written in. */
function inTrace(fields: Record<string, unknown>): Record<string, unknown> {
  const active = "trace" in fields ? undefined : activeTrace();
  return active === undefined ? fields : { ...fields, trace: active.traceId, span: active.spanId };
}

/** Says nothing; for tests and short commands. */
export const silentLogger: ProcessLogger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  slow: () => {},
  error: () => {},
  child: () => silentLogger,
};
