export { type FindOptions, findEndpoints } from "./find-endpoints.ts";
export { type RegisterOptions, type Registration, registerInstance } from "./register-instance.ts";
