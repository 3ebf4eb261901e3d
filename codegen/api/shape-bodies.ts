import type { ApiField, ApiRoute, ApiType } from "./schema.ts";
import { reachedFrom, structOf } from "./type-refs.ts";

const ORDER = { path: 0, form: 1, header: 2 } as const;

/**
 * The types as their bodies are written: what a request reads comes in go-zero's order of reading (path, form, header,
 * JSON), and elsewhere the tags of the other three mean nothing, so that a field without a json tag has its Go name.
 */
export function shapeBodies(types: readonly ApiType[], routes: readonly ApiRoute[]): ApiType[] {
  const requests = new Set(
    routes.flatMap(({ request }) => (request === undefined ? [] : (structOf(request)?.name ?? []))),
  );
  const answered = reachedFrom(
    routes.flatMap(({ response }) => (response === undefined ? [] : (structOf(response)?.name ?? []))),
    types,
  );
  return types.map((type) => {
    if (!type.fields.some(({ inputs }) => inputs !== undefined)) return type;
    if (requests.has(type.name)) return { ...type, fields: inReadingOrder(type.fields) };
    return { ...type, fields: type.fields.flatMap((field) => bodyField(field, answered.has(type.name))) };
  });
}

function inReadingOrder(fields: readonly ApiField[]): ApiField[] {
  const rank = ({ inputs, outsideBody }: ApiField): number =>
    outsideBody === true && inputs?.[0] !== undefined ? ORDER[inputs[0].from] : 3;
  return [...fields].sort((left, right) => rank(left) - rank(right));
}

/** Of a struct inside a body go-zero fills no field that has no json tag; an answer says it by its Go name. */
function bodyField(field: ApiField, isAnswer: boolean): ApiField[] {
  const { inputs: _inputs, outsideBody, ...rest } = field;
  if (outsideBody !== true) return [rest];
  return isAnswer
    ? [{ ...rest, jsonName: field.name }]
    : [{ ...rest, rules: { ...rest.rules, optional: true } }];
}
