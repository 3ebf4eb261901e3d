export {
  type BrowserSessions,
  createBrowserSessions,
  type EndedSessionList,
  type SessionEnd,
  type SessionOwner,
  type SessionUse,
} from "./browser-session.ts";
export { type HttpClient, type JsonRequest, requestJson, type WriteOptions } from "./client.ts";
export { requestEvents } from "./client-events.ts";
export { createLinkTokens, type LinkTokens } from "./link-token.ts";
export { allowOnly, joinOpenApi, type OpenApiInfo, type OpenApiPart } from "./openapi.ts";
export type { PageFile, PageSource, Pages } from "./pages.ts";
export type {
  JsonSchema,
  Middleware,
  MiddlewareRequest,
  Next,
  RawAnswer,
  RawRequest,
  RequestInputs,
  Route,
} from "./route.ts";
export { createRestServer, type RestServer, type RestServerOptions } from "./server.ts";
export { parseStrictJson } from "./strict-json.ts";
export {
  createTokenVerifier,
  type IsRevoked,
  type SignTokenOptions,
  signToken,
  type TokenVerifier,
} from "./token.ts";
