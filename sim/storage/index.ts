export { DatabaseFile } from "./database-file.ts";
export { Disk } from "./disk.ts";
export type { WriteWitness } from "./faulty-connection.ts";
export { MysqlService } from "./mysql-service.ts";
export { isInTransaction } from "./open-transaction.ts";
export type {
  ChangedRow,
  DatabaseWorld,
  InitialRow,
  ProcessStorage,
  ServiceDatabase,
} from "./service-database.ts";
export type { SharedGroup } from "./shared-groups.ts";
export type { StorageHost } from "./storage-host.ts";
