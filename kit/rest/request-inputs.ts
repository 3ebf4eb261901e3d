import { AppError } from "@mall/kit/errors";
import type { FastifyRequest } from "fastify";
import { isSchema } from "./field-path.ts";
import type { JsonSchema, RequestInput, RequestInputs } from "./route.ts";

/** As many values as go-zero reads of one form. */
const VALUES_MAX = 2048;
const BAD_QUERY = /%(?![0-9A-Fa-f]{2})|;/;

/** The query of a request target, not checked. */
export function queryOf(url: string): URLSearchParams {
  const at = url.indexOf("?");
  return new URLSearchParams(at === -1 ? "" : url.slice(at + 1));
}

/**
 * The fields of a form's body; files are passed over.
 *
 * @throws AppError INVALID_ARGUMENT
 */
export async function readForm(bytes: Buffer, contentType: string): Promise<URLSearchParams> {
  const values = new URLSearchParams();
  try {
    const form = await new Response(new Uint8Array(bytes), {
      headers: { "content-type": contentType },
    }).formData();
    for (const [name, value] of form) if (typeof value === "string") values.append(name, value);
  } catch (cause) {
    throw new AppError("INVALID_ARGUMENT", "INVALID_FORM", "the body is not a valid form", { cause });
  }
  return values;
}

interface Sources {
  readonly inputs: RequestInputs;
  readonly schema: JsonSchema;
  /** What a JSON body brought. */
  readonly body: unknown;
  readonly form: URLSearchParams;
}

/**
 * Joins what path, query, form, headers and body bring, in go-zero's ways: an empty value of a form counts as none, an
 * array is a name given more than once (`ids=1&ids=2`, `ids[]=1`) or one value with commas. What does not read as the
 * type of its field stays text, for the schema to refuse.
 *
 * @throws AppError INVALID_ARGUMENT
 */
export function readInputs(request: FastifyRequest, { inputs, schema, body, form }: Sources): unknown {
  // Not an object: the schema says so.
  if (!isSchema(body)) return body;
  const values = formValues(request, form);
  const properties = isSchema(schema.properties) ? schema.properties : {};
  const joined: Record<string, unknown> = { ...body };
  for (const input of inputs) {
    const { property, orBody } = input;
    if (orBody === true && joined[property] !== undefined) continue;
    delete joined[property];
    const texts = textsOf(request, input, values);
    const field = properties[property];
    if (texts.length > 0) joined[property] = inputValue(texts, isSchema(field) ? field : {}, input.from);
  }
  return joined;
}

function formValues(request: FastifyRequest, form: URLSearchParams): ReadonlyMap<string, string[]> {
  const at = request.url.indexOf("?");
  if (at !== -1 && BAD_QUERY.test(request.url.slice(at)))
    throw new AppError("INVALID_ARGUMENT", "INVALID_QUERY", "the query is not valid");
  const values = new Map<string, string[]>();
  let count = 0;
  // A form comes before the query, as Go's r.Form has them.
  for (const [key, value] of [...form, ...queryOf(request.url)]) {
    if (value === "") continue;
    count += 1;
    if (count > VALUES_MAX)
      throw new AppError("INVALID_ARGUMENT", "INVALID_QUERY", `more than ${VALUES_MAX} form values`);
    const name = key.endsWith("[]") ? key.slice(0, -2) : key;
    const known = values.get(name);
    if (known === undefined) values.set(name, [value]);
    else known.push(value);
  }
  return values;
}

function textsOf(
  request: FastifyRequest,
  { from, name }: RequestInput,
  form: ReadonlyMap<string, string[]>,
): readonly string[] {
  if (from === "form") return form.get(name.endsWith("[]") ? name.slice(0, -2) : name) ?? [];
  if (from === "header") return request.raw.headersDistinct[name.toLowerCase()] ?? [];
  const value = (request.params as Record<string, string>)[name];
  return value === undefined ? [] : [value];
}

function inputValue(texts: readonly string[], schema: JsonSchema, from: RequestInput["from"]): unknown {
  if (schema.type !== "array") return scalarOf(texts[0] ?? "", schema);
  const [first = ""] = texts;
  const parts = texts.length === 1 && from === "form" ? first.split(",") : texts;
  return parts.map((text) => scalarOf(text, isSchema(schema.items) ? schema.items : {}));
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ["1", true],
  ["true", true],
  ["0", false],
  ["false", false],
]);

/** As Go reads numbers and go-zero bools; the text itself where it is none. */
function scalarOf(text: string, { type }: JsonSchema): unknown {
  if (type === "boolean") return BOOLEANS.get(text.toLowerCase()) ?? text;
  if (type === "integer") return /^[-+]?\d{1,19}$/.test(text) ? Number(text) + 0 : text;
  if (type === "number") {
    const isNumber = /^[-+]?(?:\d{1,40}\.?\d{0,40}|\.\d{1,40})(?:[eE][-+]?\d{1,3})?$/.test(text);
    return isNumber && Number.isFinite(Number(text)) ? Number(text) : text;
  }
  return text;
}
