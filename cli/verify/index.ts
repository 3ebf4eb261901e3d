export type { Finding } from "./finding.ts";
export type { MallDatabases } from "./mall-databases.ts";
export { type MallVerified, OLDER_THAN_MS, verifyMall } from "./verify-mall.ts";
