import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { parseDocument, type Tags } from "yaml";
import { configError, unreadableFile } from "./config-error.ts";

/** What is wrong with a file, by the library's codes; its own words would quote the file. */
const YAML_RULES: Readonly<Record<string, string>> = {
  BAD_ALIAS: "an alias (*) or anchor (&) has no proper name: quote a value that begins so",
  BAD_INDENT: "the indentation does not fit the lines above, or a bracket is not closed",
  BAD_SCALAR_START: "a value begins with a sign that needs quotes",
  BAD_DQ_ESCAPE: 'a "quoted" value has an unknown escape',
  DUPLICATE_KEY: "a key stands twice in its block",
  MISSING_CHAR: "a quote, bracket, comma, colon or space is missing",
  MULTILINE_IMPLICIT_KEY: "a key is spread over lines, or a colon is missing",
  TAB_AS_INDENT: "tabs may not be used as indentation",
  BLOCK_AS_IMPLICIT_KEY: "a line has two keys",
};

/** Tags of YAML 1.1 that go-zero's YAML library does not read: `1:30` is a text there, and so is a date. */
const TEXT_IN_GO = new Set(["TIME"]);
const TIMESTAMP = "tag:yaml.org,2002:timestamp";

/**
 * Reads a YAML 1.1 or JSON file, by its extension. A value that is nothing (`Pass:`) is null.
 *
 * @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE with one line that quotes nothing of the file.
 */
export function parseFile(path: string): unknown {
  const extension = extname(path).toLowerCase();
  if (extension === ".json") return parseJson(path, readText(path));
  if (extension === ".yaml" || extension === ".yml") return parseYaml(path, readText(path));
  throw configError(path, "its name must end in .yaml, .yml or .json");
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw unreadableFile(path, errorCode(error));
  }
}

function parseYaml(path: string, text: string): unknown {
  const document = parseDocument(text, { version: "1.1", customTags: goTags, logLevel: "silent" });
  const [error] = document.errors;
  if (error !== undefined) {
    const line = error.linePos?.[0].line ?? 1;
    throw configError(`${path}:${line}`, YAML_RULES[error.code] ?? "the line is not YAML");
  }
  try {
    return document.toJS() ?? {};
  } catch {
    throw configError(path, "an alias (*name) has no anchor above it: quote a value that begins with *");
  }
}

function goTags(tags: Tags): Tags {
  return tags.filter(
    (tag) => typeof tag === "string" || (tag.tag !== TIMESTAMP && !TEXT_IN_GO.has(tag.format ?? "")),
  );
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const [, line = "1"] = /\(line (\d+)/.exec(String(error)) ?? [];
    throw configError(`${path}:${line}`, "the file is not JSON");
  }
}

/** The system's name of an error, e.g. `ENOENT`. */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unreadable";
}
