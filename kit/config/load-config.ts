import { readFileSync } from "node:fs";
import { AppError } from "@mall/kit/errors";
import { parse, YAMLParseError } from "yaml";
import type { z } from "zod";

/**
 * Reads a YAML (or JSON, which is YAML) configuration file, checks it against `schema` and fills the
 * defaults. YAML 1.1, as go-zero reads it.
 *
 * @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE with one line that names the file, the key and the rule.
 */
export function loadConfig<Schema extends z.ZodType>(path: string, schema: Schema): z.output<Schema> {
  return checkConfig(path, parseYaml(path, readText(path)), schema);
}

/** Checks values that were put together in code; `origin` stands for the file name in errors. */
export function checkConfig<Schema extends z.ZodType>(
  origin: string,
  values: unknown,
  schema: Schema,
): z.output<Schema> {
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const key = issue === undefined || issue.path.length === 0 ? "the file" : issue.path.join(".");
  throw unusable(`config file ${origin}: ${key}: ${issue?.message ?? "is not valid"}`);
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw unusable(
      `config file ${path} cannot be read (${errorCode(error)}): check the path after -f`,
      error,
    );
  }
}

function parseYaml(path: string, text: string): unknown {
  try {
    return parse(text, { version: "1.1" }) ?? {};
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    const line = error.linePos?.[0].line ?? 1;
    const rule = error.message.split("\n")[0]?.replace(/ at line \d+, column \d+:?$/, "") ?? "is not YAML";
    throw unusable(`config file ${path}:${line}: ${rule}`, error);
  }
}

function unusable(message: string, cause?: unknown): AppError {
  return new AppError("FAILED_PRECONDITION", "CONFIG_UNUSABLE", message, { cause });
}

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unreadable";
}
