export { isEverywhere, reachedHere } from "./everywhere.ts";
export type { HttpAnswer, HttpRequest, HttpStream, HttpStreams, HttpTransport } from "./http-transport.ts";
export { createNetworkStreams } from "./network-streams.ts";
export { createNetworkTransport } from "./network-transport.ts";
