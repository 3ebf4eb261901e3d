export { applySchema } from "./catalog/apply-schema.ts";
export { Catalog } from "./catalog/table.ts";
export { Plans, Server } from "./engine/server.ts";
export { Session } from "./engine/session.ts";
