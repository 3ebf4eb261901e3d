export { isEverywhere, reachedHere } from "./everywhere.ts";
export type { HttpAnswer, HttpRequest, HttpTransport } from "./http-transport.ts";
export { createNetworkTransport } from "./network-transport.ts";
