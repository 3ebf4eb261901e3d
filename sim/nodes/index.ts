export { ApiNode, type ServingApi } from "./api-node.ts";

export { createMall, type Mall, type Replicas } from "./mall.ts";
export { createMallFiles, type MallFiles, resetMallFiles } from "./mall-files.ts";
