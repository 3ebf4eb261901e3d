export { forEachDatabase, type TestDatabases } from "./for-each-database.ts";
export {
  installMariadb,
  type PrivateMariadb,
  type Skipped,
  startMariadb,
  startPrivateMariadb,
  type TestMysql,
  whyNoMysql,
} from "./mariadb.ts";
export { createTestFolder } from "./test-folder.ts";
