import { z } from "zod";
import type { KeyNote } from "./key.ts";

/** A schema as data: what may stand at a place of a configuration file. */
export interface KeySchema extends KeyNote {
  readonly type?: string | readonly string[];
  readonly default?: unknown;
  readonly enum?: readonly string[];
  /** The keys of a block. */
  readonly properties?: Readonly<Record<string, KeySchema>>;
  readonly required?: readonly string[];
  /** Of a map, whose keys are the user's own. */
  readonly additionalProperties?: KeySchema | boolean;
  /** Of a list. */
  readonly items?: KeySchema;
}

/** One step into a configuration: a key, or the place in a list. */
export type Step = PropertyKey;

/** What a schema says about the values that go into it, with the notes of its keys. */
export function keySchemaOf(schema: z.ZodType): KeySchema {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as KeySchema;
}

/** A path as it is written in messages: `CacheRedis[0].Host`. */
export function pathText(path: readonly Step[]): string {
  return path
    .map((step, index) =>
      typeof step === "number" ? `[${step}]` : `${index === 0 ? "" : "."}${String(step)}`,
    )
    .join("");
}

/** May the value at a path be shown? Not a secret's, nor one that should have held a secret. */
export function mayShow(schema: KeySchema, path: readonly Step[]): boolean {
  let at: KeySchema | undefined = schema;
  for (const step of path) {
    at = typeof step === "number" ? at?.items : at?.properties?.[String(step)];
    if (at?.secret === true) return false;
  }
  return at !== undefined && !holdsSecret(at);
}

function holdsSecret(schema: KeySchema): boolean {
  if (schema.secret === true) return true;
  if (schema.items !== undefined && holdsSecret(schema.items)) return true;
  return Object.values(schema.properties ?? {}).some(holdsSecret);
}

/** Is a value a block of keys, or a map? */
export function isBlock(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
