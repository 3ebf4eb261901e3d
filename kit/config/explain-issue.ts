import type { z } from "zod";
import { isBlock, type KeySchema, mayShow, pathText, type Step } from "./key-schema.ts";

/** What a value is checked against, and whose it is. */
export interface Checked {
  readonly values: unknown;
  readonly schema: KeySchema;
  /** Paths whose values came from outside the file, with where each came from. */
  readonly foreign: ReadonlyMap<string, string>;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  int: "whole number",
  array: "list",
  object: "block",
  record: "block",
};
const TEXT_SHOWN_MAX = 60;

/**
 * One line that names the key, the rule and what was found instead; of a secret, and of what may hold one,
 * only its type.
 */
export function explainIssue(issue: z.core.$ZodIssue, checked: Checked): string {
  const key = nameOf(issue.path, checked.foreign);
  const value = valueAt(checked.values, issue.path);
  const found = `found ${describe(value, isShown(issue.path, checked))}`;
  if (issue.code === "invalid_type" && value === undefined) return `field "${key}" is not set`;
  if (issue.code === "invalid_type") {
    return `${key || "the file"}: expected ${TYPE_WORDS[issue.expected] ?? issue.expected}, ${found}`;
  }
  if (issue.code === "invalid_union") return `${key}: expected ${typesOf(issue.errors)}, ${found}`;
  if (issue.code === "invalid_value") return `${key}: expected one of ${issue.values.join(", ")}, ${found}`;
  if (issue.code === "too_small" && issue.origin !== "string")
    return `${key}: expected at least ${issue.minimum}, ${found}`;
  if (issue.code === "too_big") return `${key}: expected at most ${issue.maximum}, ${found}`;
  return `${key || "the file"}${issue.message.startsWith("must") ? ":" : ""} ${issue.message}`;
}

/** The key, and what its value was read from: there it is to be put right. */
function nameOf(path: readonly Step[], foreign: Checked["foreign"]): string {
  const key = pathText(path);
  const origin = foreign.get(key);
  return origin === undefined ? key : `${key} (from ${origin})`;
}

function isShown(path: readonly Step[], { schema, foreign }: Checked): boolean {
  return !foreign.has(pathText(path)) && mayShow(schema, path);
}

function valueAt(values: unknown, path: readonly Step[]): unknown {
  let at = values;
  for (const step of path) at = isBlock(at) || Array.isArray(at) ? Reflect.get(at, step) : undefined;
  return at;
}

function describe(value: unknown, isShown: boolean): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "list";
  if (typeof value === "object") return "block";
  if (!isShown) return typeof value;
  const text = JSON.stringify(value);
  return `${typeof value} ${text.length > TEXT_SHOWN_MAX ? `${text.slice(0, TEXT_SHOWN_MAX)}…` : text}`;
}

function typesOf(errors: readonly (readonly z.core.$ZodIssue[])[]): string {
  const types = errors.flat().map((issue) => (issue.code === "invalid_type" ? issue.expected : issue.code));
  return types.join(" or ");
}
