import { z } from "zod";
import { parseDuration } from "./duration.ts";

/**
 * What the schema of a key says about it beyond its type; part of the schema's metadata, so that the
 * loader, the documents and the tests read one table.
 */
export interface KeyNote {
  /** `refused`: setting it ends the start. `idle`: accepted, and nothing changes. Absent: honoured. */
  readonly state?: "refused" | "idle";
  /** Why a key is refused or idle. */
  readonly why?: string;
  /** The value must not be shown, and may come from a file named by `<Key>File`. */
  readonly secret?: true;
  /** A block that takes the keys it lacks from the block of the same name at the top of the file. */
  readonly inherits?: readonly string[];
}

function note<Schema extends z.ZodType>(schema: Schema, keyNote: KeyNote): Schema {
  return schema.meta({ ...keyNote });
}

/** A text that may be left out. */
export function text(byDefault = "") {
  return z.string().default(byDefault);
}

/** A switch. */
export function flag(byDefault: boolean) {
  return z.boolean().default(byDefault);
}

/**
 * A length of time as Go writes it (`1m30s`; a bare number counts nanoseconds, as in go-zero); its value is
 * in milliseconds.
 */
export function duration(byDefault: string) {
  return optionalDuration().prefault(byDefault);
}

/** As {@link duration}, without a default. */
export function optionalDuration() {
  return z.union([z.string(), z.number()]).transform((value, context) => {
    const milliseconds = parseDuration(value);
    if (milliseconds !== undefined) return milliseconds;
    context.addIssue({ code: "custom", message: 'must be a duration, e.g. "1.5s" or "500ms"', input: value });
    return z.NEVER;
  });
}

/** A value that is never shown. */
export function secret<Schema extends z.ZodType>(schema: Schema): Schema {
  return note(schema, { secret: true });
}

/** A key that is accepted and changes nothing. */
export function idle<Schema extends z.ZodType>(schema: Schema, why: string): Schema {
  return note(schema, { state: "idle", why });
}

/** A key of go-zero that is not built: any value but the harmless ones, which ask for nothing, is refused. */
export function refused(why: string, ...harmless: readonly (string | number | boolean)[]) {
  const schema = z
    .unknown()
    .optional()
    .refine((value) => value === undefined || harmless.some((each) => each === value), {
      message: `is not supported: ${why}; remove it`,
    });
  return note(schema, { state: "refused", why });
}

/** One of go-zero's `options`, of which only `supported` is built. */
export function onlyOption<const Value extends string>(
  supported: Value,
  others: readonly string[],
  why: string,
) {
  return z
    .enum([supported, ...others])
    .default(supported)
    .refine((value): value is Value => value === supported, {
      message: `is not supported but as ${supported}: ${why}; remove it`,
    });
}

/** A block that takes the named keys, where it lacks them, from the block of that name at the top. */
export function inheriting<Schema extends z.ZodType>(schema: Schema, keys: readonly string[]): Schema {
  return note(schema, { inherits: keys });
}
