import type { z } from "zod";
import { configError } from "./config-error.ts";
import { explainIssue } from "./explain-issue.ts";
import { inherit } from "./inherit.ts";
import { keySchemaOf } from "./key-schema.ts";
import { normalize } from "./normalize.ts";
import { parseFile } from "./parse-file.ts";
import type { ConfigNote, Environment, Reading } from "./reading.ts";

/** A configuration and what there is to say about its file. */
export interface ReadConfig<Config> {
  readonly config: Config;
  readonly notes: readonly ConfigNote[];
}

/**
 * Reads a YAML 1.1 or JSON configuration file as go-zero does: keys in any case, unknown ones ignored (and
 * noted), defaults filled. Beyond go-zero `${NAME}` is a variable of the environment, and a secret `Key`
 * may stand in the file that `KeyFile` names.
 *
 * @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE with one line that names the file, the key and the
 *   rule, and holds no secret.
 */
export function readConfig<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  environment: Environment = process.env,
): ReadConfig<z.output<Schema>> {
  const reading: Reading = { file: path, environment, notes: [], foreign: new Map() };
  const keys = keySchemaOf(schema);
  const values = inherit(normalize(parseFile(path), keys, reading), keys);
  return { config: checkValues(values, schema, reading), notes: reading.notes };
}

/** As {@link readConfig}, for a reader of a part of the file, to whom the other keys are unknown. */
export function loadConfig<Schema extends z.ZodType>(path: string, schema: Schema): z.output<Schema> {
  return readConfig(path, schema).config;
}

/** Checks values that were put together in code; `origin` stands for the file name in errors. */
export function checkConfig<Schema extends z.ZodType>(
  origin: string,
  values: unknown,
  schema: Schema,
): z.output<Schema> {
  return checkValues(values, schema, { file: origin, foreign: new Map() });
}

function checkValues<Schema extends z.ZodType>(
  values: unknown,
  schema: Schema,
  { file, foreign }: Pick<Reading, "file" | "foreign">,
): z.output<Schema> {
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue === undefined) throw configError(file, "is not valid");
  throw configError(file, explainIssue(issue, { values, schema: keySchemaOf(schema), foreign }));
}
