import { loadServices } from "./services.ts";

/** The migrations of all services; what several of them need is there once. */
export const MIGRATIONS = [...new Set((await loadServices()).flatMap(({ rpc }) => rpc?.migrations ?? []))];

/** What a Go mall has made, whose form may be another than ours. */
export const GO_TABLES: readonly string[] = ["order", "pay", "product", "user"];
