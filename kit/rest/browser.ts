// What browsers get of @mall/kit/rest: the generated clients stand on this part alone.
export { type HttpClient, type JsonRequest, requestJson, type WriteOptions } from "./client.ts";
export { requestEvents } from "./client-events.ts";
