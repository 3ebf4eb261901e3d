import type { ApiType } from "./schema.ts";

/** Where a field of a request comes from beside its JSON body; the kit's `RequestInput`. */
export type InputLiteral = Readonly<Record<string, string | boolean>>;

/** All that a type as a request reads outside of a JSON body, in go-zero's order. */
export function requestInputs({ fields }: ApiType): InputLiteral[] {
  return fields.flatMap(({ jsonName, inputs = [], outsideBody }) =>
    inputs.map(({ from, name }) => ({
      from,
      name,
      property: jsonName,
      ...(outsideBody !== true && { orBody: true }),
    })),
  );
}

/** Whether a type as a request has fields that a JSON body carries. */
export function hasBody({ fields }: ApiType): boolean {
  return fields.length === 0 || fields.some(({ outsideBody }) => outsideBody !== true);
}
