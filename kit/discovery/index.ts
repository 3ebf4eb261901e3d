export { type FindOptions, findEndpoints } from "./find-endpoints.ts";
export { publishedAddress } from "./published-address.ts";
export { type RegisterOptions, type Registration, registerInstance } from "./register-instance.ts";
export { parseTarget, type Target } from "./target.ts";
