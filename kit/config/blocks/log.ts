import { z } from "zod";
import { flag, idle, onlyOption, refused, text } from "../key.ts";

const FILES_ONLY = "go-zero reads it in the file modes only";

/** go-zero's logx.LogConf. */
export const logConfig = z.object({
  /** Name in each line; that of the process by default. */
  ServiceName: text(),
  Mode: onlyOption(
    "console",
    ["file", "volume"],
    "the log goes to standard output; let the supervisor keep it",
  ),
  /** `plain`: tab separated lines for people. */
  Encoding: z.enum(["json", "plain"]).default("json"),
  TimeFormat: refused(
    "times are written as 2006-01-02T15:04:05.000Z07:00",
    "",
    "2006-01-02T15:04:05.000Z07:00",
  ),
  Level: z.enum(["debug", "info", "error", "severe"]).default("info"),
  /** Longest `content` in bytes; 0 for no limit. */
  MaxContentLength: z.int().min(0).default(0),
  Stat: idle(flag(true), "there are no statistics lines; metrics carry the figures"),
  StackCooldownMillis: idle(z.int().default(100), "a line carries a stack only with an unexpected error"),
  FieldKeys: refused("the keys are go-zero's own, so that one pipeline reads both"),
  Path: idle(text("logs"), FILES_ONLY),
  Compress: idle(flag(false), FILES_ONLY),
  CompressType: idle(text("gz"), FILES_ONLY),
  KeepDays: idle(z.int().default(0), FILES_ONLY),
  MaxBackups: idle(z.int().default(0), FILES_ONLY),
  MaxSize: idle(z.int().default(0), FILES_ONLY),
  Rotation: idle(z.enum(["daily", "size"]).default("daily"), FILES_ONLY),
  FileTimeFormat: idle(text(), FILES_ONLY),
});

export type LogConfig = z.output<typeof logConfig>;
