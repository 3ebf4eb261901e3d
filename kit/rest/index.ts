export { type HttpClient, type JsonRequest, requestJson, type WriteOptions } from "./client.ts";
export { allowOnly, joinOpenApi, type OpenApiInfo, type OpenApiPart } from "./openapi.ts";
export type { JsonSchema, RawAnswer, RawRequest, Route } from "./route.ts";
export { createRestServer, type RestServer, type RestServerOptions } from "./server.ts";
export {
  createTokenVerifier,
  type IsRevoked,
  type SignTokenOptions,
  signToken,
  type TokenVerifier,
} from "./token.ts";
