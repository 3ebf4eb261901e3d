export { applySchema } from "./catalog/apply-schema.ts";
export { Catalog } from "./catalog/table.ts";
export type { Reply } from "./engine/reply.ts";
export { Plans, Server } from "./engine/server.ts";
export { ServerError } from "./engine/server-error.ts";
export { Session } from "./engine/session.ts";
