import { configError } from "./config-error.ts";
import { isBlock, type KeySchema, pathText, type Step } from "./key-schema.ts";
import { nearestName } from "./nearest-name.ts";
import { expandKey, type Reading } from "./reading.ts";
import { readSecretFile } from "./secret-file.ts";

type Properties = Readonly<Record<string, KeySchema>>;

/**
 * A file's values as the schema spells them: keys in their proper case, unknown ones left out and noted,
 * variables expanded, secrets read from their files. Values of a wrong type stay as they are, for the
 * schema to refuse.
 *
 * @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE.
 */
export function normalize(
  value: unknown,
  schema: KeySchema,
  reading: Reading,
  path: readonly Step[] = [],
): unknown {
  if (Array.isArray(value)) return normalizeList(value, schema, reading, path);
  if (isBlock(value)) {
    return schema.properties === undefined
      ? normalizeMap(value, schema, reading, path)
      : normalizeBlock(value, schema.properties, reading, path);
  }
  // go-zero reads a key without a value as an empty text.
  if (value === null && schema.type === "string") return "";
  return typeof value === "string" ? expandText(value, schema, reading, path) : value;
}

function normalizeList(
  values: readonly unknown[],
  { items }: KeySchema,
  reading: Reading,
  path: readonly Step[],
): unknown {
  if (items === undefined) return values;
  return values.map((value, index) => normalize(value, items, reading, [...path, index]));
}

/** Keys of a map are the user's own and keep their case. */
function normalizeMap(
  values: Readonly<Record<string, unknown>>,
  { additionalProperties }: KeySchema,
  reading: Reading,
  path: readonly Step[],
): unknown {
  if (typeof additionalProperties !== "object") return values;
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      normalize(value, additionalProperties, reading, [...path, key]),
    ]),
  );
}

function normalizeBlock(
  values: Readonly<Record<string, unknown>>,
  properties: Properties,
  reading: Reading,
  path: readonly Step[],
): unknown {
  const names = namesOf(properties);
  const writtenAs = new Map<string, string>();
  const entries = Object.entries(values).flatMap(([written, value]) => {
    const name = names.get(written.toLowerCase());
    if (name === undefined) {
      noteUnknown(reading, [...path, written], names.values());
      return [];
    }
    const key = [...path, name.key];
    const earlier = writtenAs.get(name.key);
    if (earlier !== undefined) {
      throw configError(reading.file, `${pathText(key)} is given twice, as ${earlier} and ${written}`);
    }
    writtenAs.set(name.key, written);
    return [[name.key, readKey(value, name, reading, key)]];
  });
  return Object.fromEntries(entries);
}

/** A way to give a key of a block. */
interface KeyName {
  readonly key: string;
  readonly schema: KeySchema;
  /** As it is written: the key itself, or `<Key>File`, which names the file that holds a secret. */
  readonly written: string;
}

function namesOf(properties: Properties): Map<string, KeyName> {
  const keys = Object.entries(properties);
  const secretFiles = keys
    .filter(([, schema]) => schema.secret === true && schema.type === "string")
    .map(([key, schema]) => ({ key, schema, written: `${key}File` }));
  const plain = keys.map(([key, schema]) => ({ key, schema, written: key }));
  return new Map([...secretFiles, ...plain].map((name) => [name.written.toLowerCase(), name]));
}

function readKey(value: unknown, name: KeyName, reading: Reading, path: readonly Step[]): unknown {
  const { key, schema, written } = name;
  if (schema.state === "idle") {
    const text = `${pathText(path)} changes nothing: ${schema.why}`;
    reading.notes.push({ level: "info", text });
  }
  noteUnusual(value, schema, reading, path);
  return written === key ? normalize(value, schema, reading, path) : readSecretFile(value, reading, path);
}

/** A number that was probably meant in another unit is taken at its word, and spoken of. */
function noteUnusual(value: unknown, { usual }: KeySchema, reading: Reading, path: readonly Step[]): void {
  if (usual === undefined || typeof value !== "number" || value <= 0) return;
  const { counts, min = 0, max = Number.POSITIVE_INFINITY } = usual;
  if (value >= min && value <= max) return;
  const text = `${pathText(path)} counts ${counts}: ${value} is very ${value < min ? "short" : "long"}; is it meant?`;
  reading.notes.push({ level: "warn", text });
}

function noteUnknown(reading: Reading, path: readonly Step[], known: Iterable<KeyName>): void {
  const names = [...known].map((name) => name.written);
  const nearest = nearestName(String(path.at(-1)), names);
  const advice = nearest === undefined ? "" : `; did you mean ${nearest}?`;
  reading.notes.push({ level: "warn", text: `${pathText(path)} is not a known key and is ignored${advice}` });
}

function expandText(text: string, { type }: KeySchema, reading: Reading, path: readonly Step[]): unknown {
  const expanded = expandKey(text, reading, path);
  return reading.foreign.has(pathText(path)) ? asType(expanded, type) : expanded;
}

const SWITCHES: Readonly<Record<string, boolean>> = { true: true, yes: true, false: false, no: false };

/** The environment holds only text: a number or a switch is read where the key wants one. */
function asType(text: string, type: KeySchema["type"]): unknown {
  if ((type === "integer" || type === "number") && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  return type === "boolean" ? (SWITCHES[text.toLowerCase()] ?? text) : text;
}
