import { isSchema } from "./field-path.ts";
import type { JsonSchema } from "./route.ts";

/** A field, and one that it may not come with. */
export type Exclusion = readonly [field: string, other: string];

/** What the `not` of an object's schema says about fields that may not come together; codegen writes it so. */
export function exclusionsOf({ not }: JsonSchema): Exclusion[] {
  if (!isSchema(not)) return [];
  const pairs = Array.isArray(not.anyOf) ? not.anyOf : [not];
  return pairs.flatMap((pair: unknown): Exclusion[] => {
    if (!isSchema(pair) || !Array.isArray(pair.required)) return [];
    const [field, other] = pair.required.map(String);
    return field === undefined || other === undefined ? [] : [[field, other]];
  });
}

/** The `not` of an object's schema; undefined where all its fields may come together. */
export function notTogether(exclusions: readonly JsonSchema[]): JsonSchema | undefined {
  return exclusions.length > 1 ? { anyOf: exclusions } : exclusions[0];
}
