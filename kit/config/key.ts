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
  /** A length of time: milliseconds once read, a text before. */
  readonly duration?: true;
  /** Of a number: what it counts, and beyond which values it was probably meant to count something else. */
  readonly usual?: { readonly counts: string; readonly min?: number; readonly max?: number };
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

/** A name or an address to listen on; IPv6 with brackets or without, in the value without. */
export function listenHost(byDefault = "") {
  return z
    .string()
    .prefault(byDefault)
    .transform((host) => /^\[(.*)\]$/.exec(host)?.[1] ?? host);
}

/** A switch. */
export function flag(byDefault: boolean) {
  return z.boolean().default(byDefault);
}

/** Nobody means a time as short as that: a bare number below was to count seconds or milliseconds. */
const NUMBER_MS_MIN = 1;

/**
 * A length of time as Go writes it (`1m30s`; a bare number counts nanoseconds, as in go-zero); its value is
 * in milliseconds.
 */
export function duration(byDefault: string) {
  return optionalDuration().prefault(byDefault);
}

/** As {@link duration}, without a default. */
export function optionalDuration() {
  const schema = z.union([z.string(), z.number()]).transform((value, context) => {
    const milliseconds = parseDuration(value);
    if (milliseconds === undefined) {
      const message = 'must be a duration, e.g. "1.5s" or "500ms"';
      context.addIssue({ code: "custom", message, input: value });
      return z.NEVER;
    }
    if (typeof value === "number" && value > 0 && milliseconds < NUMBER_MS_MIN) {
      const message = `must have its unit, e.g. "${value}s": a bare number counts nanoseconds, as in go-zero`;
      context.addIssue({ code: "custom", message, input: value });
      return z.NEVER;
    }
    return milliseconds;
  });
  return note(schema, { duration: true });
}

/** Milliseconds, 0 for no limit; a number as small as one of seconds is worth a word at the start. */
export function milliseconds(byDefault: number) {
  return note(z.int().min(0).default(byDefault), { usual: { counts: "milliseconds", min: 100 } });
}

/** Seconds, one at least; a number as large as one of milliseconds is worth a word at the start. */
export function seconds(byDefault: number) {
  const YEAR = 366 * 86_400;
  return note(z.int().min(1).default(byDefault), { usual: { counts: "seconds", max: YEAR } });
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

/** A key that has moved; setting it here is refused with its new place. `schema` is what it was. */
export function moved(to: string, schema: z.ZodType = z.unknown()) {
  const gone = schema
    .optional()
    .refine((value) => value === undefined, { message: `has moved: write it as ${to}` });
  return note(gone, { state: "refused", why: `write it as \`${to}\`` });
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
