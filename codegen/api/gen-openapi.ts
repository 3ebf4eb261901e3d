import { camelCase, type GeneratedFile, generatedFile } from "../emit/index.ts";
import { type ApiContract, COMMAND } from "./api-contract.ts";
import { refSchema, type SchemaLiteral, type StructSchema, typeSchema } from "./json-schema.ts";
import { type Literal, printLiteral } from "./literal.ts";
import type { ApiRoute, ApiType, TypeRef } from "./schema.ts";

/** `gen/openapi.ts`: the OpenAPI 3.1 paths and components of one service. */
export function genOpenApi(contract: ApiContract): GeneratedFile {
  const { routes, types } = contract.schema;
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
      ...printLiteral(pathItems(routes, contract.name, reference), "  paths: ", ","),
      ...printLiteral(Object.fromEntries(schemas), "  schemas: ", ","),
      "};",
    ],
  });
}

function componentSchema(type: ApiType, reference: StructSchema): SchemaLiteral {
  const schema = typeSchema(type, reference);
  return type.doc === "" ? schema : { description: type.doc, ...schema };
}

function pathItems(routes: readonly ApiRoute[], name: string, reference: StructSchema): Literal {
  const items: Record<string, Record<string, Literal>> = {};
  for (const route of routes) {
    const item = items[route.path] ?? {};
    item[route.method.toLowerCase()] = operation(route, name, reference);
    items[route.path] = item;
  }
  return items;
}

function operation(route: ApiRoute, name: string, reference: StructSchema): Literal {
  const { summary, auth, request, response } = route;
  return {
    operationId: camelCase(name) + route.handler.slice(0, 1).toUpperCase() + route.handler.slice(1),
    tags: [name],
    ...(summary !== "" && { summary }),
    ...(auth && { security: [{ bearer: [] }] }),
    ...(request !== undefined && {
      requestBody: { required: true, content: jsonContent(request, reference) },
    }),
    responses: {
      "200": {
        description: "OK",
        ...(response !== undefined && { content: jsonContent(response, reference) }),
      },
      "4XX": { $ref: "#/components/responses/Error" },
    },
  };
}

function jsonContent(ref: TypeRef, reference: StructSchema): Literal {
  return { "application/json": { schema: refSchema(ref, reference) } };
}
