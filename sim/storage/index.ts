export { DatabaseFile, type InitialRow, type LentFile } from "./database-file.ts";
export { Disk } from "./disk.ts";
export type { WriteWitness } from "./faulty-connection.ts";
export { isInTransaction } from "./open-transaction.ts";
export { SimDatabase } from "./sim-database.ts";
