import { camelCase, type GeneratedFile, generatedFile } from "../emit/index.ts";
import { type ApiContract, COMMAND } from "./api-contract.ts";
import { isRequired, refSchema, type SchemaLiteral, type StructSchema, typeSchema } from "./json-schema.ts";
import { type Literal, printLiteral } from "./literal.ts";
import type { ApiRoute, ApiType, TypeRef } from "./schema.ts";

/** A `:name` in a path. */
const PARAMETER = /:([A-Za-z0-9]+)/g;

/** `gen/openapi.ts`: the OpenAPI 3.1 paths and components of one service. */
export function genOpenApi(contract: ApiContract): GeneratedFile {
  const { types } = contract.schema;
  const reference: StructSchema = (name) => ({ $ref: `#/components/schemas/${contract.name}.${name}` });
  const schemas = types.map(
    (type) => [`${contract.name}.${type.name}`, componentSchema(type, reference)] as const,
  );
  return generatedFile({
    path: "gen/openapi.ts",
    command: COMMAND,
    source: contract.fileName,
    imports: [{ from: "@mall/kit/rest", names: ["OpenApiPart"], type: true }],
    body: [
      `/** The OpenAPI 3.1 paths and components of ${contract.fileName}; the process joins the parts of all its services. */`,
      `export const ${camelCase(contract.name)}OpenApi: OpenApiPart = {`,
      `  tag: ${JSON.stringify(contract.name)},`,
      ...printLiteral(pathItems(contract, reference), "  paths: ", ","),
      ...printLiteral(Object.fromEntries(schemas), "  schemas: ", ","),
      "};",
    ],
  });
}

function componentSchema(type: ApiType, reference: StructSchema): SchemaLiteral {
  const schema = typeSchema(type, reference);
  return type.doc === "" ? schema : { description: type.doc, ...schema };
}

function pathItems({ schema: { routes, types }, name }: ApiContract, reference: StructSchema): Literal {
  const demanding = new Set(types.filter(({ fields }) => fields.some(isRequired)).map((type) => type.name));
  const items: Record<string, Record<string, Literal>> = {};
  for (const route of routes) {
    const path = route.path.replace(PARAMETER, "{$1}");
    const item = items[path] ?? {};
    item[route.method.toLowerCase()] = operation(route, name, { reference, demanding });
    items[path] = item;
  }
  return items;
}

function operation(
  route: ApiRoute,
  name: string,
  { reference, demanding }: { reference: StructSchema; demanding: ReadonlySet<string> },
): Literal {
  const { summary, auth, raw, repeatable, request, response } = route;
  return {
    operationId: camelCase(name) + route.handler.slice(0, 1).toUpperCase() + route.handler.slice(1),
    tags: [name],
    ...(summary !== "" && { summary }),
    ...(auth && { security: [{ bearer: [] }] }),
    ...(raw && rawRequest(route.path)),
    ...(!repeatable && { parameters: [{ $ref: "#/components/parameters/IdempotencyKey" }] }),
    ...(request !== undefined && {
      requestBody: { required: demanding.has(request.name), content: jsonContent(request, reference) },
    }),
    responses: {
      "200": {
        description: "OK",
        ...(response !== undefined && { content: jsonContent(response, reference) }),
        ...(raw && { content: BYTES }),
      },
      ...(!repeatable && { "422": { $ref: "#/components/responses/KeyReused" } }),
      "4XX": { $ref: "#/components/responses/Error" },
      "5XX": { $ref: "#/components/responses/Error" },
    },
  };
}

/** Bytes that mean something to who sends and who takes them. */
const BYTES: Literal = { "*/*": {} };

function rawRequest(path: string): Record<string, Literal> {
  const parameters = [...path.matchAll(PARAMETER)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  return { ...(parameters.length > 0 && { parameters }), requestBody: { required: true, content: BYTES } };
}

function jsonContent(ref: TypeRef, reference: StructSchema): Literal {
  return { "application/json": { schema: refSchema(ref, reference) } };
}
