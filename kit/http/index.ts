export { createFetchTransport } from "./fetch-transport.ts";
export type { HttpAnswer, HttpRequest, HttpTransport } from "./http-transport.ts";
