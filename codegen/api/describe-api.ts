import { describeService } from "./gen-openapi.ts";
import type { GenerateApiOptions } from "./generate-api.ts";
import { parseApi } from "./parse.ts";

/** What every service of a mall answers and takes beside its own types, as its process describes it at /openapi.json. */
const ERROR_SCHEMA = {
  type: "object",
  required: ["code", "msg", "reason"],
  properties: {
    code: { type: "integer", description: "gRPC status number" },
    msg: { type: "string", description: "For people" },
    reason: { type: "string", description: "For programs: stable, UPPER_SNAKE" },
    field: { type: "string", description: "The request field that broke a rule" },
  },
};
const KEY_PARAMETER = {
  name: "Idempotency-Key",
  in: "header",
  description:
    "A name of your choice for this request: sent again with it, the request has no second effect.",
  schema: { type: "string", minLength: 1, maxLength: 255, pattern: "^[ -~]*$" },
};

/**
 * The OpenAPI 3.1 document of a `.api` contract by itself.
 *
 * @throws ContractError as generateApi
 */
export function describeApi({ source, fileName, name, readImport }: GenerateApiOptions): object {
  const schema = parseApi(source, fileName, readImport);
  const { paths, schemas } = describeService({ schema, fileName, name });
  const failure = (description: string): object => ({
    description,
    content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
  });
  return {
    openapi: "3.1.0",
    info: { title: name, version: "v1" },
    paths,
    components: {
      schemas: { Error: ERROR_SCHEMA, ...schemas },
      parameters: { IdempotencyKey: KEY_PARAMETER },
      responses: {
        Error: failure("What went wrong"),
        KeyReused: failure("The Idempotency-Key was used for another request"),
      },
      securitySchemes: { bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
    },
  };
}
