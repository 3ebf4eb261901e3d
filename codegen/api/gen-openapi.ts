import { camelCase, type GeneratedFile, generatedFile, pascalCase } from "../emit/index.ts";
import { type ApiContract, COMMAND } from "./api-contract.ts";
import {
  fieldSchema,
  isRequired,
  refSchema,
  type SchemaLiteral,
  type StructSchema,
  typeSchema,
} from "./json-schema.ts";
import { type Literal, printLiteral } from "./literal.ts";
import { routeNames } from "./names.ts";
import { hasBody } from "./request-inputs.ts";
import type { ApiRoute, ApiType, TypeRef } from "./schema.ts";
import { structNames } from "./type-text.ts";

/** A `:name` in a path. */
const PARAMETER = /(?<=\/):([^/]+)/g;

/** What OpenAPI 3.1 says of one service: its paths, and its schemas by their names. */
export interface ServiceDescription {
  readonly paths: Literal;
  readonly schemas: Readonly<Record<string, SchemaLiteral>>;
}

export function describeService(contract: ApiContract): ServiceDescription {
  const { types } = contract.schema;
  const reference: StructSchema = (name) => ({ $ref: `#/components/schemas/${contract.name}.${name}` });
  const schemas = types.filter(hasBody).map((type) => {
    const body = { ...type, fields: type.fields.filter(({ outsideBody }) => outsideBody !== true) };
    return [`${contract.name}.${type.name}`, componentSchema(body, reference)] as const;
  });
  return { paths: pathItems(contract, reference), schemas: Object.fromEntries(schemas) };
}

/** `gen/openapi.ts`: the OpenAPI 3.1 paths and components of one service. */
export function genOpenApi(contract: ApiContract): GeneratedFile {
  const { paths, schemas } = describeService(contract);
  return generatedFile({
    path: "gen/openapi.ts",
    command: COMMAND,
    source: contract.fileName,
    imports: [{ from: "@mall/kit/rest", names: ["OpenApiPart"], type: true }],
    body: [
      `/** The OpenAPI 3.1 paths and components of ${contract.fileName}; the process joins the parts of all its services. */`,
      `export const ${camelCase(contract.name)}OpenApi: OpenApiPart = {`,
      `  tag: ${JSON.stringify(contract.name)},`,
      ...printLiteral(paths, "  paths: ", ","),
      ...printLiteral(schemas, "  schemas: ", ","),
      "};",
    ],
  });
}

function componentSchema(type: ApiType, reference: StructSchema): SchemaLiteral {
  const schema = typeSchema(type, reference);
  return type.doc === "" ? schema : { description: type.doc, ...schema };
}

function pathItems({ schema: { routes, types }, name }: ApiContract, reference: StructSchema): Literal {
  const byName = new Map(types.map((type) => [type.name, type]));
  const names = routeNames(routes);
  const items: Record<string, Record<string, Literal>> = {};
  for (const route of routes) {
    const path = route.path.replace(PARAMETER, "{$1}");
    const item = items[path] ?? {};
    const [request = ""] = structNames(route.request);
    item[route.method.toLowerCase()] = operation(route, name, {
      reference,
      request: byName.get(request),
      operation: names.get(route)?.operation ?? route.handler,
    });
    items[path] = item;
  }
  return items;
}

interface OperationScope {
  readonly reference: StructSchema;
  /** The type of its request. */
  readonly request: ApiType | undefined;
  /** What it is called within its service. */
  readonly operation: string;
}

function operation(route: ApiRoute, name: string, scope: OperationScope): Literal {
  const { summary, description, auth, raw, repeatable, response, tags = [name] } = route;
  const parameters = [
    ...pathParameters(route, scope),
    ...(scope.request === undefined ? [] : inputParameters(route, scope.request, scope)),
    ...(repeatable ? [] : [{ $ref: "#/components/parameters/IdempotencyKey" }]),
  ];
  return {
    operationId: camelCase(name) + pascalCase(scope.operation),
    tags,
    ...(summary !== "" && { summary }),
    ...(description !== undefined && { description }),
    ...(auth && { security: [{ bearer: [] }] }),
    ...(parameters.length > 0 && { parameters }),
    ...(raw && { requestBody: { required: true, content: BYTES } }),
    ...requestBody(route, scope),
    responses: {
      "200": {
        description: "OK",
        ...(response !== undefined && { content: answerContent(route, response, scope.reference) }),
        ...(raw && { content: BYTES }),
      },
      ...(!repeatable && { "422": { $ref: "#/components/responses/KeyReused" } }),
      "4XX": { $ref: "#/components/responses/Error" },
      "5XX": { $ref: "#/components/responses/Error" },
    },
  };
}

function requestBody(
  { request: ref }: ApiRoute,
  { request, reference }: OperationScope,
): Record<string, Literal> {
  if (ref === undefined || request === undefined || !hasBody(request)) return {};
  const required = request.fields.some((field) => isRequired(field) && field.outsideBody !== true);
  return { requestBody: { required, content: jsonContent(ref, reference) } };
}

/** Parameters of the path that no field takes. */
function pathParameters({ path }: ApiRoute, { request }: OperationScope): Literal[] {
  const taken = new Set(
    (request?.fields ?? []).flatMap(({ inputs = [] }) =>
      inputs.flatMap(({ from, name }) => (from === "path" ? [name] : [])),
    ),
  );
  return [...path.matchAll(PARAMETER)].flatMap(([, name = ""]) =>
    taken.has(name) ? [] : [{ name, in: "path", required: true, schema: { type: "string" } }],
  );
}

function inputParameters(route: ApiRoute, { fields }: ApiType, { reference }: OperationScope): Literal[] {
  const named = new Set([...route.path.matchAll(PARAMETER)].map(([, name]) => name));
  return fields.flatMap((field) =>
    // A path field without its parameter is never set; a description may not name it.
    (field.inputs ?? [])
      .filter((input) => input.from !== "path" || named.has(input.name))
      .map(({ from, name }) => {
        const { description, ...schema } = fieldSchema(field, reference);
        return {
          name,
          in: from === "form" ? "query" : from,
          required: from === "path" || (isRequired(field) && field.outsideBody === true),
          ...(description !== undefined && { description }),
          schema,
        };
      }),
  );
}

/** Bytes that mean something to who sends and who takes them. */
const BYTES: Literal = { "*/*": {} };

function answerContent({ events }: ApiRoute, ref: TypeRef, reference: StructSchema): Literal {
  if (!events) return jsonContent(ref, reference);
  return { "text/event-stream": { schema: refSchema(ref, reference) } };
}

function jsonContent(ref: TypeRef, reference: StructSchema): Literal {
  return { "application/json": { schema: refSchema(ref, reference) } };
}
