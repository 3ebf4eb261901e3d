export { ApiNode, type ServingApi } from "./api-node.ts";
export { BANK } from "./configs.ts";
export { START_MS } from "./epoch.ts";
export { createMall, type Mall, type Replicas } from "./mall.ts";
export { createMallFiles, type MallFiles, resetMallFiles } from "./mall-files.ts";
